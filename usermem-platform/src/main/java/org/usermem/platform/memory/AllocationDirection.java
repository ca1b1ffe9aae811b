package org.usermem.platform.memory;

/** From which end of the free space of a memory file to take. */
public enum AllocationDirection {

  /** The lowest free extent that is large enough, its lower end. */
  BOTTOM_UP,

  /** The highest free extent that is large enough, its upper end. */
  TOP_DOWN
}
