package org.usermem.kernel.time;

/**
 * When a timer expires and how often: {@code struct itimerspec} in nanoseconds.
 *
 * @param valueNanos time to the next expiration, or the time of it where the caller says so; 0 for
 *     a timer that is not armed
 * @param intervalNanos time between expirations; 0 for a single one
 */
public record TimerSetting(long valueNanos, long intervalNanos) {

  /** A timer that is not armed. */
  public static final TimerSetting DISARMED = new TimerSetting(0, 0);
}
