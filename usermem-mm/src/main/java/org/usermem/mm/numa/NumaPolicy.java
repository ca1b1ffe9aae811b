package org.usermem.mm.numa;

/**
 * The memory policy of an area, kept for get_mempolicy(2) and without effect.
 *
 * @param mode an MPOL_ constant with its flags
 * @param nodeMask the nodes as bits
 */
public record NumaPolicy(int mode, long nodeMask) {

  /** MPOL_DEFAULT. */
  public static final NumaPolicy DEFAULT = new NumaPolicy(0, 0);
}
