package org.usermem.mm.table;

/**
 * What a copy needs to know about a page, in one {@code long}: the offset of the page in the memory
 * file, whose low bits are free, and what may be done with it. Zero means "ask the truth".
 */
public final class PageEntry {

  /** No such entry, or nothing known. */
  public static final long NONE = 0;

  /** The program may read the page. */
  public static final long READ = 1;

  /** The program may write the page as it is, without a copy first. */
  public static final long WRITE = 2;

  /** The page may be read by those who ignore the program's permissions. */
  public static final long FORCED_READ = 4;

  /** The page may be written, as it is, by those who ignore the program's permissions. */
  public static final long FORCED_WRITE = 8;

  private static final long OFFSET_MASK = -4096;

  private PageEntry() {}

  /** Returns an entry. */
  public static long of(long fileOffset, long flags) {
    return fileOffset | flags;
  }

  /** Returns the offset of the page in the memory file. */
  public static long offset(long entry) {
    return entry & OFFSET_MASK;
  }

  /** Returns whether an entry allows all of what is needed. */
  public static boolean allows(long entry, long needed) {
    return (entry & needed) == needed;
  }
}
