package org.usermem.platform.memory;

/** What may be done with the pages of an extent. */
enum ExtentState {

  /** Free, and known to read as zeros: never touched, or given back to the host. */
  CLEAN,

  /** Free, with content of its last user, still holding memory of the host. */
  DIRTY,

  /** Free, and being given back to the host by a thread that does not hold the lock. */
  CLEANING,

  /** Referenced. */
  USED
}
