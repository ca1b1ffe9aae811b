package org.usermem.mm.vma;

/** Properties that an area has or has not; each is a bit in {@link VmaAttributes#flags}. */
public final class VmaFlag {

  /** MAP_PRIVATE: what is written goes to a copy. */
  public static final int PRIVATE = 1;

  /** MAP_GROWSDOWN: a fault below extends the area. */
  public static final int GROWS_DOWN = 1 << 1;

  /** MAP_STACK, a hint. */
  public static final int STACK = 1 << 2;

  /** MAP_NORESERVE. */
  public static final int NO_RESERVE = 1 << 3;

  /** MADV_DONTFORK: a child does not get the area. */
  public static final int DONT_FORK = 1 << 4;

  /** MADV_WIPEONFORK: a child gets the area, empty. */
  public static final int WIPE_ON_FORK = 1 << 5;

  /** MADV_DONTDUMP: left out of core dumps. */
  public static final int DONT_DUMP = 1 << 6;

  /** MADV_HUGEPAGE. */
  public static final int HUGE_PAGE = 1 << 7;

  /** MADV_NOHUGEPAGE. */
  public static final int NO_HUGE_PAGE = 1 << 8;

  /** MADV_SEQUENTIAL. */
  public static final int SEQUENTIAL = 1 << 9;

  /** MADV_RANDOM. */
  public static final int RANDOM = 1 << 10;

  /** MADV_MERGEABLE. */
  public static final int MERGEABLE = 1 << 11;

  private VmaFlag() {}
}
