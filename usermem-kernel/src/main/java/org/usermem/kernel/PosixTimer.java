package org.usermem.kernel;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.signal.PendingSignals;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalPayload;
import org.usermem.kernel.time.AlarmQueue;
import org.usermem.kernel.time.IntervalTimer;
import org.usermem.kernel.time.TimeSource;
import org.usermem.kernel.time.TimerSetting;

/**
 * A timer of timer_create(2). Its signal is queued at most once; expirations meanwhile count as
 * overrun. Safe for use by several threads.
 */
public final class PosixTimer {

  private final ThreadGroup group;
  private final @Nullable Task target;
  private final int id;
  private final int signo;
  private final long value;
  private final IntervalTimer timer;
  private final PendingSignals.Source source = new Delivery();

  // Guarded by the lock of the task set.
  private boolean isQueued;
  private long overrun;
  private int lastOverrun;

  PosixTimer(
      AlarmQueue alarms,
      TimeSource clock,
      ThreadGroup group,
      @Nullable Task target,
      int id,
      int signo,
      long value) {
    this.group = group;
    this.target = target;
    this.id = id;
    this.signo = signo;
    this.value = value;
    this.timer = new IntervalTimer(alarms, clock, this::expired);
  }

  /** Arms or disarms the timer; see {@link IntervalTimer#set}. */
  public TimerSetting set(TimerSetting setting, boolean absolute) {
    TimerSetting before = timer.set(TimerSetting.DISARMED, false);
    group.kernel().tasks().lock();
    try {
      overrun = 0;
      lastOverrun = 0;
    } finally {
      group.kernel().tasks().unlock();
    }
    // Last: the new setting may expire at once, and that counts.
    timer.set(setting, absolute);
    return before;
  }

  /** Returns the time to the next expiration and the interval. */
  public TimerSetting remaining() {
    return timer.remaining();
  }

  /** Returns the overrun of the last signal that was delivered (timer_getoverrun(2)). */
  public int overrun() {
    group.kernel().tasks().lock();
    try {
      return lastOverrun;
    } finally {
      group.kernel().tasks().unlock();
    }
  }

  private void expired(IntervalTimer expired) {
    long expirations = expired.take();
    if (signo == 0 || expirations == 0) {
      return;
    }
    TaskSet tasks = group.kernel().tasks();
    tasks.lock();
    try {
      if (isQueued) {
        overrun += expirations;
        return;
      }
      overrun = expirations - 1;
      isQueued = true;
      isQueued = sendLocked();
    } finally {
      tasks.unlock();
    }
  }

  private boolean sendLocked() {
    SignalInfo info =
        new SignalInfo(signo, 0, SignalInfo.SI_TIMER, new SignalPayload.Timer(id, 0, value));
    Task receiver = target == null ? group.leader() : target;
    try {
      return SignalSender.sendLocked(receiver, info, target == null, source);
    } catch (LinuxException e) {
      return false;
    }
  }

  void close() {
    timer.close();
    TaskSet tasks = group.kernel().tasks();
    tasks.lock();
    try {
      group.pending.discard(source);
      if (target != null) {
        target.signals().pending.discard(source);
      }
    } finally {
      tasks.unlock();
    }
  }

  private final class Delivery implements PendingSignals.Source {
    @Override
    public SignalInfo delivered(SignalInfo info) {
      lastOverrun = (int) Math.min(overrun, Integer.MAX_VALUE);
      overrun = 0;
      isQueued = false;
      return new SignalInfo(
          info.signo(), info.errno(), info.code(), new SignalPayload.Timer(id, lastOverrun, value));
    }

    @Override
    public void discarded() {
      isQueued = false;
    }
  }
}
