package org.usermem.kernel.limits;

/**
 * A soft and a hard limit; both unsigned, {@link #INFINITY} for none ({@code struct rlimit64}).
 *
 * @param current the soft limit: the one that is enforced
 * @param maximum the hard limit: the ceiling of the soft one
 */
public record ResourceLimit(long current, long maximum) {

  /** No limit. */
  public static final long INFINITY = -1;

  /** Neither a soft nor a hard limit. */
  public static final ResourceLimit UNLIMITED = new ResourceLimit(INFINITY, INFINITY);

  /**
   * Returns whether the soft limit lies above the hard one, which no process may set.
   *
   * @return whether it does
   */
  public boolean isInverted() {
    return Long.compareUnsigned(current, maximum) > 0;
  }
}
