package org.usermem.memmap;

/** How pages of a mapping are kept in memory; in order of the lock flags of mlock2(2). */
public enum LockMode {
  /** They are not. */
  NONE,
  /** All are brought in at once and kept, as by mlock(2); VM_LOCKED of Linux. */
  EAGER,
  /** Each is kept once it is brought in, as by MLOCK_ONFAULT; VM_LOCKED with VM_LOCKONFAULT. */
  LAZY
}
