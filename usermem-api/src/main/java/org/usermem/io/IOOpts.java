package org.usermem.io;

/** Options of the methods of {@link IO}. */
public enum IOOpts {
  /** Access as the program itself has it. */
  DEFAULT,

  /**
   * Access whatever protection the program has set with mmap(2) or mprotect(2), as ptrace(2) does.
   * What the mapped object itself requires is never ignored: a private mapping is copied before it
   * is written, and a read-only file that is mapped shared is not written.
   */
  IGNORE_PERMISSIONS
}
