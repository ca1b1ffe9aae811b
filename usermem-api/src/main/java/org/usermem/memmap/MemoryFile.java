package org.usermem.memmap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.usermem.block.BlockSeq;

/**
 * The file that holds every byte of the memory of programs. It is never truncated, so its pages can
 * be mapped without fear of a fault.
 *
 * <p>Pages are counted references; a page whose last reference goes is free. Ranges are aligned to
 * pages and not empty, unless a method says otherwise.
 *
 * <p>Thread safety: all methods, from any thread.
 *
 * <p>Source: {@code memmap.File} and {@code pgalloc.MemoryFile} of gVisor.
 */
public interface MemoryFile {

  /**
   * Allocates pages that lie together.
   *
   * @param byteCount a positive multiple of the page size
   * @param kind what they are used for
   * @return their range; the caller has one reference on each page, and all bytes are zero
   * @throws org.usermem.errno.LinuxException ENOMEM if the limit of the file or of the host is
   *     reached
   */
  FileRange allocate(long byteCount, MemoryKind kind);

  /** Adds a reference to each page; the caller must know of one on each that stays meanwhile. */
  void incRef(FileRange range);

  /** Takes a reference off each page; those without one are free, and their contents are lost. */
  void decRef(FileRange range);

  /**
   * Returns pages as one segment that can be read and written from any thread.
   *
   * <p>It is good for as long as the caller has a reference on each page; it is not handed to
   * anyone who has none.
   *
   * @param range need not be aligned
   */
  MemorySegment segment(FileRange range);

  /**
   * Returns the whole file as one segment, the same each time, for those who copy often and would
   * rather not make a segment for each copy. What {@link #segment} says holds for each page of it.
   */
  MemorySegment base();

  /**
   * Returns pages as blocks to be lent: they are bound to an arena, and closing it makes them
   * useless.
   *
   * @param arena a confined arena of the calling thread
   * @param range need not be aligned; the caller has a reference on each page until the arena is
   *     closed
   */
  BlockSeq loan(Arena arena, FileRange range);

  /**
   * Waits until every copy is over that began before a {@link Generation} ended: pages of that
   * generation may be freed then. Copies take no locks, so any may be held.
   *
   * <p>By default nobody copies so.
   */
  default void awaitCopies() {}

  /**
   * Gives the memory of pages back to the host without giving up the pages; their contents become
   * zero.
   *
   * <p>The caller has the only reference to each page.
   */
  void decommit(FileRange range);
}
