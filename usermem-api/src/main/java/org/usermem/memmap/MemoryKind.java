package org.usermem.memmap;

/** What pages of the memory file are used for; accounting tells the kinds apart. */
public enum MemoryKind {
  /** Private memory of programs: heaps, stacks, private copies of file pages. */
  ANONYMOUS,
  /** Pages of files, held between the program and the host. */
  PAGE_CACHE,
  /**
   * Memory that programs share: tmpfs, memfd, System V shared memory, shared anonymous mappings.
   */
  SHMEM,
  /** What the sentry itself keeps in the memory file, such as the vdso. */
  SYSTEM
}
