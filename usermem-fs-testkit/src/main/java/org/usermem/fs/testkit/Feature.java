package org.usermem.fs.testkit;

/** What a file system may do without. */
public enum Feature {
  /** A file can have several names. */
  HARD_LINKS,
  /** Symbolic links can be made. */
  SYMBOLIC_LINKS,
  /** FIFOs can be made. */
  SPECIAL_FILES,
  /** Files can have extended attributes of the namespace "user". */
  EXTENDED_ATTRIBUTES,
  /** Files can be mapped. */
  MAPPING,
  /** Files have holes, which lseek(2) finds and fallocate(2) makes. */
  HOLES,
  /** Files can be made without a name. */
  TEMPORARY_FILES,
  /** Two names can be swapped. */
  EXCHANGE,
  /** Names can have any bytes but zero and the slash. */
  ANY_NAME,
  /** Owner and all permission bits are kept. */
  OWNERSHIP,
  /** A file that was removed can be used as long as it is open. */
  UNLINKED_FILES
}
