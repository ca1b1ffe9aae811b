package org.usermem.linux.abi;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/** {@code struct timespec} and {@code struct timeval}: seconds and a fraction of a second. */
public final class Timespec {
  /** Length of either in bytes. */
  public static final int BYTE_COUNT = 16;

  /** Nanoseconds in a second. */
  public static final long NANOSECONDS = 1_000_000_000L;

  private static final long MICROSECONDS = 1_000_000L;
  private static final long MAXIMUM_SECONDS = Long.MAX_VALUE / NANOSECONDS;

  private Timespec() {}

  /** Writes nanoseconds as a timespec. */
  public static void encodeNanoseconds(long nanoseconds, MemorySegment dst, long at) {
    dst.set(JAVA_LONG_UNALIGNED, at, Math.floorDiv(nanoseconds, NANOSECONDS));
    dst.set(JAVA_LONG_UNALIGNED, at + 8, Math.floorMod(nanoseconds, NANOSECONDS));
  }

  /** Writes nanoseconds as a timeval, rounded down. */
  public static void encodeMicroseconds(long nanoseconds, MemorySegment dst, long at) {
    dst.set(JAVA_LONG_UNALIGNED, at, Math.floorDiv(nanoseconds, NANOSECONDS));
    dst.set(JAVA_LONG_UNALIGNED, at + 8, Math.floorMod(nanoseconds, NANOSECONDS) / 1000);
  }

  /**
   * Reads a timespec.
   *
   * @return nanoseconds; what doesn't fit becomes {@link Long#MAX_VALUE}, as KTIME_MAX does
   * @throws LinuxException EINVAL if it is negative or the fraction is no fraction ({@code
   *     timespec64_valid})
   */
  public static long decodeNanoseconds(MemorySegment src, long at) {
    long seconds = src.get(JAVA_LONG_UNALIGNED, at);
    long fraction = src.get(JAVA_LONG_UNALIGNED, at + 8);
    return nanoseconds(seconds, fraction, NANOSECONDS);
  }

  /**
   * Reads a timeval.
   *
   * @return nanoseconds, at most {@link Long#MAX_VALUE}
   * @throws LinuxException EINVAL if it is negative or the fraction is no fraction
   */
  public static long decodeMicroseconds(MemorySegment src, long at) {
    long seconds = src.get(JAVA_LONG_UNALIGNED, at);
    long fraction = src.get(JAVA_LONG_UNALIGNED, at + 8);
    return nanoseconds(seconds, fraction, MICROSECONDS);
  }

  /**
   * Reads a timeval whose microseconds may be more than a second, as select(2) takes it.
   *
   * @return nanoseconds, at most {@link Long#MAX_VALUE}
   * @throws LinuxException EINVAL if it is negative
   */
  public static long decodeLongMicroseconds(MemorySegment src, long at) {
    long seconds = src.get(JAVA_LONG_UNALIGNED, at);
    long fraction = src.get(JAVA_LONG_UNALIGNED, at + 8);
    if (seconds < 0 || fraction < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long sum = seconds + fraction / MICROSECONDS;
    return sum < 0 ? Long.MAX_VALUE : nanoseconds(sum, fraction % MICROSECONDS, MICROSECONDS);
  }

  private static long nanoseconds(long seconds, long fraction, long unitsPerSecond) {
    if (seconds < 0 || fraction < 0 || fraction >= unitsPerSecond) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (seconds >= MAXIMUM_SECONDS) {
      return Long.MAX_VALUE;
    }
    return seconds * NANOSECONDS + fraction * (NANOSECONDS / unitsPerSecond);
  }
}
