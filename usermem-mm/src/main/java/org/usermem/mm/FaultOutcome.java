package org.usermem.mm;

/** What came of a page fault; all but {@link #HANDLED} are for the program. */
public enum FaultOutcome {
  /** The page is there now: try again. */
  HANDLED,

  /** SIGSEGV with SEGV_MAPERR: nothing is mapped there. */
  MAPERR,

  /** SIGSEGV with SEGV_ACCERR: what is mapped there does not allow the access. */
  ACCERR,

  /** SIGBUS with BUS_ADRERR: what is mapped there has no such page, as beyond the end of a file. */
  BUS,

  /** No memory is left for the page. Linux would end some process; the caller decides. */
  OUT_OF_MEMORY
}
