package org.usermem.linux.event;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.WaitQueue;
import org.usermem.fs.event.Waiter;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.time.IntervalTimer;
import org.usermem.kernel.time.TimeSource;
import org.usermem.kernel.time.TimerSetting;
import org.usermem.sequence.Sink;

/** A timer as a file: reading gives how often it has expired (fs/timerfd.c). */
final class TimerDescription extends EventDescriptionBase {
  private final WaitQueue queue = new WaitQueue();
  private final AtomicLong expirations = new AtomicLong();
  private final IntervalTimer timer;

  TimerDescription(
      AnonymousFiles files, Kernel kernel, TimeSource clock, int flags, Credentials credentials) {
    super(files, "timerfd", flags, credentials);
    this.timer = new IntervalTimer(kernel.alarms(), clock, this::expired);
  }

  private void expired(long count) {
    expirations.addAndGet(count);
    queue.notify(Readiness.READABLE);
  }

  TimerSetting set(TimerSetting setting, boolean absolute) {
    // Disarmed while the count is reset: the new setting may expire at once, and that counts.
    TimerSetting before = timer.set(TimerSetting.DISARMED, false);
    expirations.set(0);
    timer.set(setting, absolute);
    return before;
  }

  TimerSetting remaining() {
    return timer.remaining();
  }

  @Override
  protected void onRelease() {
    timer.close();
  }

  @Override
  protected long onRead(Sink dst, TransferOptions options) {
    if (dst.numBytes() < Long.BYTES) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long count = expirations.getAndSet(0);
    if (count == 0) {
      throw LinuxException.of(Errno.EAGAIN);
    }
    MemorySegment value = MemorySegment.ofArray(new byte[Long.BYTES]);
    value.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, count);
    try {
      return dst.copyOut(value, 0, Long.BYTES);
    } catch (LinuxException e) {
      expirations.addAndGet(count);
      throw e;
    }
  }

  @Override
  public int readiness(int interest) {
    return expirations.get() > 0 ? Readiness.READABLE & interest : 0;
  }

  @Override
  public void register(Waiter waiter) {
    queue.register(waiter);
  }

  @Override
  public void unregister(Waiter waiter) {
    queue.unregister(waiter);
  }
}
