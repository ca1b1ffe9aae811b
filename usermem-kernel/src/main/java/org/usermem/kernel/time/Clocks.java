package org.usermem.kernel.time;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The host's clocks as programs see them (clock_gettime(2)). Safe for use by several threads. */
public final class Clocks {

  /** A deadline that never comes, on every clock. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Nanoseconds in a second. */
  public static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** CLOCK_REALTIME as a source for timers. */
  public static final TimeSource REALTIME =
      new TimeSource() {
        @Override
        public long nanos() {
          return realtimeNanos();
        }

        @Override
        public long earliestArrival(long deadline) {
          return saturatingAdd(monotonicNanos(), saturatingSubtract(deadline, realtimeNanos()));
        }
      };

  /** CLOCK_MONOTONIC as a source for timers. */
  public static final TimeSource MONOTONIC =
      new TimeSource() {
        @Override
        public long nanos() {
          return monotonicNanos();
        }

        @Override
        public long earliestArrival(long deadline) {
          return deadline;
        }
      };

  private Clocks() {}

  /**
   * Returns the host's CLOCK_MONOTONIC, which HotSpot's {@code nanoTime} reads on Linux: so a guest
   * that reads the host's clock without asking the sentry sees the same time.
   *
   * @return nanoseconds since the host started
   */
  public static long monotonicNanos() {
    return System.nanoTime();
  }

  /**
   * Returns the host's CLOCK_REALTIME.
   *
   * @return nanoseconds since 1970
   */
  public static long realtimeNanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /**
   * Returns the monotonic time that lies some time from now.
   *
   * @param nanos nanoseconds, not negative
   * @return the deadline; {@link #NEVER} where it would overflow
   */
  public static long deadlineAfter(long nanos) {
    return saturatingAdd(monotonicNanos(), nanos);
  }

  /**
   * Adds times.
   *
   * @param left nanoseconds
   * @param right nanoseconds
   * @return the sum, {@link #NEVER} or {@link Long#MIN_VALUE} where it overflows
   */
  public static long saturatingAdd(long left, long right) {
    long sum = left + right;
    if (((left ^ sum) & (right ^ sum)) < 0) {
      return left < 0 ? Long.MIN_VALUE : NEVER;
    }
    return sum;
  }

  private static long saturatingSubtract(long left, long right) {
    return right == Long.MIN_VALUE ? NEVER : saturatingAdd(left, -right);
  }
}
