package org.usermem.memmap;

/** How much of a new mapping is brought in before the call that makes it returns. */
public enum Populate {
  /** Nothing in particular. */
  DEFAULT,
  /** All pages are mapped (MAP_POPULATE). */
  MAP,
  /** All pages are mapped and the host's memory for them is there. */
  COMMIT
}
