package org.usermem.mm;

import org.jspecify.annotations.Nullable;

/** What madvise(2) may say of a range; those that are not here are EINVAL. */
public enum Advice {
  /** MADV_NORMAL. */
  NORMAL(0),
  /** MADV_RANDOM: a fault brings in its page only. */
  RANDOM(1),
  /** MADV_SEQUENTIAL: a fault brings in much. */
  SEQUENTIAL(2),
  /** MADV_WILLNEED, a hint. */
  WILLNEED(3),
  /** MADV_DONTNEED: pages go; private memory is zero again, a file's private copies are lost. */
  DONTNEED(4),
  /** MADV_FREE: as DONTNEED, for private memory of the program's own. */
  FREE(8),
  /** MADV_REMOVE: what is mapped shared gets a hole. */
  REMOVE(9),
  /** MADV_DONTFORK. */
  DONTFORK(10),
  /** MADV_DOFORK. */
  DOFORK(11),
  /** MADV_MERGEABLE, a hint. */
  MERGEABLE(12),
  /** MADV_UNMERGEABLE, a hint. */
  UNMERGEABLE(13),
  /** MADV_HUGEPAGE: a fault brings in a huge page's worth. */
  HUGEPAGE(14),
  /** MADV_NOHUGEPAGE. */
  NOHUGEPAGE(15),
  /** MADV_DONTDUMP. */
  DONTDUMP(16),
  /** MADV_DODUMP. */
  DODUMP(17),
  /** MADV_WIPEONFORK. */
  WIPEONFORK(18),
  /** MADV_KEEPONFORK. */
  KEEPONFORK(19),
  /** MADV_COLD, a hint. */
  COLD(20),
  /** MADV_PAGEOUT, a hint. */
  PAGEOUT(21),
  /** MADV_POPULATE_READ. */
  POPULATE_READ(22),
  /** MADV_POPULATE_WRITE. */
  POPULATE_WRITE(23),
  /** MADV_DONTNEED_LOCKED. */
  DONTNEED_LOCKED(24);

  private final int number;

  Advice(int number) {
    this.number = number;
  }

  /** Returns the value of the MADV_ constant. */
  public int number() {
    return number;
  }

  /** Returns the advice of a MADV_ constant, or null if there is none. */
  public static @Nullable Advice ofNumber(int number) {
    for (Advice advice : values()) {
      if (advice.number == number) {
        return advice;
      }
    }
    return null;
  }
}
