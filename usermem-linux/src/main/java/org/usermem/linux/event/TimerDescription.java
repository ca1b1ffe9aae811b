package org.usermem.linux.event;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
  private final IntervalTimer timer;

  TimerDescription(
      AnonymousFiles files, Kernel kernel, TimeSource clock, int flags, Credentials credentials) {
    super(files, "timerfd", flags, credentials);
    this.timer = new IntervalTimer(kernel.alarms(), clock, t -> queue.notify(Readiness.READABLE));
  }

  TimerSetting set(TimerSetting setting, boolean absolute) {
    return timer.set(setting, absolute);
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
    long count = timer.take();
    if (count == 0) {
      throw LinuxException.of(Errno.EAGAIN);
    }
    MemorySegment value = MemorySegment.ofArray(new byte[Long.BYTES]);
    value.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, count);
    try {
      return dst.copyOut(value, 0, Long.BYTES);
    } catch (LinuxException e) {
      timer.giveBack(count);
      throw e;
    }
  }

  @Override
  public int readiness(int interest) {
    return timer.hasExpired() ? Readiness.READABLE & interest : 0;
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
