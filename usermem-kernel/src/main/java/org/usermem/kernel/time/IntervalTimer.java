package org.usermem.kernel.time;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A timer on some clock that calls its listener when it expires. It counts the expirations until
 * somebody {@linkplain #take() takes} them: a listener that is late finds nothing of a setting that
 * has been replaced meanwhile. Safe for use by several threads; the listener is called without a
 * lock of this class, on the thread of the alarms.
 */
public final class IntervalTimer implements AutoCloseable {

  /** Who is told of expirations. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Called after the timer expired, once or several times.
     *
     * @param timer the timer
     */
    void expired(IntervalTimer timer);
  }

  private final TimeSource clock;
  private final Listener listener;
  private final AlarmQueue.Alarm alarm;
  private final ReentrantLock lock = new ReentrantLock();
  private long next = Clocks.NEVER;
  private long interval;
  private long expirations;

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
   * Arms or disarms the timer, and forgets the expirations that nobody has taken.
   *
   * @param setting when; a value of 0 disarms
   * @param absolute whether the value is a time of the clock rather than a span from now
   * @return what was set before, as {@link #remaining()} would have said
   */
  public TimerSetting set(TimerSetting setting, boolean absolute) {
    lock.lock();
    try {
      TimerSetting before = remainingLocked();
      expirations = 0;
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

  /** Returns how often the timer has expired since it was set or this was last called. */
  public long take() {
    lock.lock();
    try {
      long taken = expirations;
      expirations = 0;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives back what could not be delivered.
   *
   * @param taken what {@link #take()} returned
   */
  public void giveBack(long taken) {
    lock.lock();
    try {
      expirations += taken;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether there is something to {@linkplain #take() take}. */
  public boolean hasExpired() {
    lock.lock();
    try {
      return expirations > 0;
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
    boolean hasExpired;
    lock.lock();
    try {
      hasExpired = countLocked();
      scheduleLocked();
    } finally {
      lock.unlock();
    }
    if (hasExpired) {
      listener.expired(this);
    }
  }

  private boolean countLocked() {
    long late = next == Clocks.NEVER ? -1 : clock.nanos() - next;
    if (late < 0) {
      return false;
    }
    if (interval == 0) {
      next = Clocks.NEVER;
      expirations++;
      return true;
    }
    long count = 1 + late / interval;
    next = Clocks.saturatingAdd(next, count * interval);
    expirations += count;
    return true;
  }
}
