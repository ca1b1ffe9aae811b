package org.usermem.mm.pma;

/** Where pages come from, which is also how they are counted as resident. */
public enum PageOrigin {
  /** Memory of programs' own: RssAnon. */
  PRIVATE(0),

  /** A file's pages: RssFile. */
  FILE(1),

  /** Shared memory: RssShmem. */
  SHARED_MEMORY(2);

  /** Number of origins. */
  public static final int COUNT = 3;

  private final int index;

  PageOrigin(int index) {
    this.index = index;
  }

  /** Returns a number from 0 up to {@link #COUNT}, exclusive. */
  public int index() {
    return index;
  }
}
