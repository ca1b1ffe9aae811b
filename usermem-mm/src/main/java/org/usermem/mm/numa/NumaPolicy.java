package org.usermem.mm.numa;

import org.jspecify.annotations.Nullable;

/**
 * The memory policy of an area, kept for get_mempolicy(2) and without effect.
 *
 * @param mode an MPOL_ constant with its flags
 * @param nodeMask the nodes as bits
 */
public record NumaPolicy(int mode, long nodeMask) {

  /** MPOL_DEFAULT. */
  public static final NumaPolicy DEFAULT = new NumaPolicy(0, 0);

  // For the same reason as those of AddrRange.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NumaPolicy policy && mode == policy.mode && nodeMask == policy.nodeMask;
  }

  @Override
  public int hashCode() {
    return mode * 31 + Long.hashCode(nodeMask);
  }
}
