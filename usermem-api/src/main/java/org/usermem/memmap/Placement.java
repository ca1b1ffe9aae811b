package org.usermem.memmap;

/** Where a new mapping goes. */
public enum Placement {
  /** Wherever there is room; the address is a hint. */
  ANYWHERE,
  /** At the address, and only if nothing is mapped there; otherwise ENOMEM. */
  FIXED,
  /**
   * At the address, and only if nothing is mapped there; otherwise EEXIST (MAP_FIXED_NOREPLACE).
   */
  FIXED_NO_REPLACE,
  /** At the address, in place of what is mapped there (MAP_FIXED). */
  FIXED_REPLACE
}
