package org.usermem.kernel.time;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A timer on some clock that calls its listener at each expiration; expirations missed while the
 * thread of the alarms was busy are counted, not repeated. Safe for use by several threads; the
 * listener is called without a lock of this class, on the thread of the alarms.
 */
public final class IntervalTimer implements AutoCloseable {

  /** Who is told of expirations. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Called after the timer expired.
     *
     * @param expirations how often since the last call, at least 1
     */
    void expired(long expirations);
  }

  private final TimeSource clock;
  private final Listener listener;
  private final AlarmQueue.Alarm alarm;
  private final ReentrantLock lock = new ReentrantLock();
  private long next = Clocks.NEVER;
  private long interval;

  /**
   * Makes a timer that is not armed.
   *
   * @param alarms what makes it fire
   * @param clock the clock it waits for
   * @param listener who is told
   */
  public IntervalTimer(AlarmQueue alarms, TimeSource clock, Listener listener) {
    this.clock = clock;
    this.listener = listener;
    this.alarm = alarms.newAlarm(this::fire);
  }

  /**
   * Arms or disarms the timer.
   *
   * @param setting when; a value of 0 disarms
   * @param absolute whether the value is a time of the clock rather than a span from now
   * @return what was set before, as {@link #remaining()} would have said
   */
  public TimerSetting set(TimerSetting setting, boolean absolute) {
    lock.lock();
    try {
      TimerSetting before = remainingLocked();
      interval = setting.intervalNanos();
      if (setting.valueNanos() == 0) {
        next = Clocks.NEVER;
      } else {
        next =
            absolute
                ? setting.valueNanos()
                : Clocks.saturatingAdd(clock.nanos(), setting.valueNanos());
      }
      scheduleLocked();
      return before;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns the time to the next expiration and the interval.
   *
   * @return the setting; the value is at least 1 while the timer is armed
   */
  public TimerSetting remaining() {
    lock.lock();
    try {
      return remainingLocked();
    } finally {
      lock.unlock();
    }
  }

  /** Disarms the timer. */
  @Override
  public void close() {
    set(TimerSetting.DISARMED, false);
  }

  private TimerSetting remainingLocked() {
    if (next == Clocks.NEVER) {
      return new TimerSetting(0, interval);
    }
    long now = clock.nanos();
    long left = next - now;
    if (left <= 0 && interval > 0) {
      left = interval - (now - next) % interval;
    }
    return new TimerSetting(Math.max(left, 1), interval);
  }

  private void scheduleLocked() {
    alarm.set(next == Clocks.NEVER ? Clocks.NEVER : clock.earliestArrival(next));
  }

  private void fire() {
    long expirations;
    lock.lock();
    try {
      expirations = countLocked();
      scheduleLocked();
    } finally {
      lock.unlock();
    }
    if (expirations > 0) {
      listener.expired(expirations);
    }
  }

  private long countLocked() {
    long late = next == Clocks.NEVER ? -1 : clock.nanos() - next;
    if (late < 0) {
      return 0;
    }
    if (interval == 0) {
      next = Clocks.NEVER;
      return 1;
    }
    long expirations = 1 + late / interval;
    next = Clocks.saturatingAdd(next, expirations * interval);
    return expirations;
  }
}
