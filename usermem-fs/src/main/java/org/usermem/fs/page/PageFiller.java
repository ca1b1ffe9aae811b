package org.usermem.fs.page;

import org.usermem.addr.Addr;
import org.usermem.block.BlockSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * Brings pages of a file in from its storage, in larger pieces than are asked for.
 *
 * <p>Thread safety: none; the owner's lock is held exclusive.
 */
final class PageFiller {

  /** How much of a file is read at once when a program touches a page of it. */
  private static final long FILL_BYTE_COUNT = 256 << 10;

  private final FilePages pages;
  private final OpenStorage storage;
  private final RetainedPages retained;

  PageFiller(FilePages pages, OpenStorage storage, RetainedPages retained) {
    this.pages = pages;
    this.storage = storage;
    this.retained = retained;
  }

  /**
   * Brings pages of a range in, and what lies around them up to the limits.
   *
   * @param start first byte, aligned to pages
   * @param end first byte after them, aligned to pages
   */
  void fill(long start, long end, long lowerLimit, long upperLimit) {
    long at = start;
    while (at < end) {
      long page = pages.nextAbsent(FilePages.pageOf(at), FilePages.pageOf(end));
      at = page << Addr.PAGE_SHIFT;
      if (at >= end) {
        return;
      }
      long from = Math.max(lowerLimit, at & -FILL_BYTE_COUNT);
      // Not over pages that are there: begin after the last of them.
      long fromPage = FilePages.pageOf(from);
      for (long present = pages.nextPresent(fromPage, page);
          present >= 0;
          present = pages.nextPresent(fromPage, page)) {
        fromPage = pages.nextAbsent(present, page);
      }
      long to = Math.max(Math.min(upperLimit, (at & -FILL_BYTE_COUNT) + FILL_BYTE_COUNT), at + 1);
      long next = pages.nextPresent(page, FilePages.pagesFor(to));
      long endPage = next < 0 ? FilePages.pagesFor(to) : next;
      fillRun(fromPage, endPage - fromPage);
      at = endPage << Addr.PAGE_SHIFT;
    }
  }

  private void fillRun(long page, long pageCount) {
    allocate(page, pageCount);
    long offset = page << Addr.PAGE_SHIFT;
    BlockSeq rest = BlockSeq.of(pages.segmentOf(page, pageCount));
    try {
      BackingChannel open = storage.open(false);
      while (!rest.isEmpty()) {
        long count = open.read(offset, rest);
        if (count == 0) {
          return;
        }
        offset += count;
        rest = rest.dropFirst(count);
      }
    } catch (LinuxException e) {
      pages.release(pages.detach(page, page + pageCount));
      throw e;
    }
  }

  private void allocate(long page, long pageCount) {
    try {
      pages.allocate(page, pageCount, false);
    } catch (LinuxException e) {
      if (e.errno() != Errno.ENOMEM || !retained.dropAll()) {
        throw e;
      }
      pages.allocate(page, pageCount, false);
    }
  }
}
