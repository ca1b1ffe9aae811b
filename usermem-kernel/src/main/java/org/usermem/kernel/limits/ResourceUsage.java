package org.usermem.kernel.limits;

/**
 * What tasks have used (getrusage(2)).
 *
 * @param userNanos time in the program, in nanoseconds
 * @param systemNanos time in system calls and faults, in nanoseconds
 * @param maximumResidentBytes greatest resident set, in bytes
 * @param minorFaults faults served without input or output
 * @param majorFaults faults that read a file
 * @param bytesRead bytes that read calls returned
 * @param bytesWritten bytes that write calls took
 * @param voluntarySwitches how often a task blocked
 * @param involuntarySwitches how often a task was interrupted while it ran
 */
public record ResourceUsage(
    long userNanos,
    long systemNanos,
    long maximumResidentBytes,
    long minorFaults,
    long majorFaults,
    long bytesRead,
    long bytesWritten,
    long voluntarySwitches,
    long involuntarySwitches) {

  /** Nothing used. */
  public static final ResourceUsage NONE = new ResourceUsage(0, 0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * Returns the sum of two usages; resident sets do not add up, the greater counts.
   *
   * @param other another usage
   * @return the sum
   */
  public ResourceUsage plus(ResourceUsage other) {
    return new ResourceUsage(
        userNanos + other.userNanos,
        systemNanos + other.systemNanos,
        Math.max(maximumResidentBytes, other.maximumResidentBytes),
        minorFaults + other.minorFaults,
        majorFaults + other.majorFaults,
        bytesRead + other.bytesRead,
        bytesWritten + other.bytesWritten,
        voluntarySwitches + other.voluntarySwitches,
        involuntarySwitches + other.involuntarySwitches);
  }
}
