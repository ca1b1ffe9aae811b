package org.usermem.fs.page;

import org.usermem.addr.Addr;
import org.usermem.block.BlockSeq;

/**
 * Bytes that are all in storage, and some of them in pages as well: which of the two a read gets
 * them from, and how a write reaches both.
 *
 * <p>Thread safety: none; the owner's lock is held shared to read, exclusive to write.
 */
final class PagedStorage {

  private final FilePages pages;
  private final OpenStorage storage;

  PagedStorage(FilePages pages, OpenStorage storage) {
    this.pages = pages;
    this.storage = storage;
  }

  /**
   * Reads from pages where they are present, and straight from the storage elsewhere.
   *
   * @param offset position of the first byte
   * @param dst where the bytes go
   * @param byteSize the size of the file
   * @return the number of bytes read
   */
  long read(long offset, BlockSeq dst, long byteSize) {
    long end = Math.min(offset + dst.numBytes(), byteSize);
    long at = offset;
    BlockSeq rest = dst;
    while (at < end) {
      long page = FilePages.pageOf(at);
      boolean present = pages.isPresent(page);
      long nextPage =
          present
              ? pages.nextAbsent(page, FilePages.pagesFor(end))
              : pages.nextPresent(page, FilePages.pagesFor(end));
      long stretchEnd = nextPage < 0 ? end : Math.min(end, nextPage << Addr.PAGE_SHIFT);
      BlockSeq stretch = rest.takeFirst(stretchEnd - at);
      long count = stretch.numBytes();
      if (present) {
        pages.read(at, stretch);
      } else {
        count = storage.present().read(at, stretch);
      }
      at += count;
      if (at < stretchEnd) {
        break;
      }
      rest = rest.dropFirst(count);
    }
    return Math.max(0, at - offset);
  }

  /**
   * Brings the pages up to date with what was written to the storage.
   *
   * @param offset position of the first byte
   * @param src the bytes
   * @param byteSize the size of the file before
   */
  void written(long offset, BlockSeq src, long byteSize) {
    if (pages.pageCount() == 0) {
      return;
    }
    if (offset > byteSize) {
      pages.zero(byteSize, offset - byteSize);
    }
    long end = offset + src.numBytes();
    long page = pages.nextPresent(FilePages.pageOf(offset), FilePages.pagesFor(end));
    while (page >= 0) {
      long stretchEndPage = pages.nextAbsent(page, FilePages.pagesFor(end));
      long from = Math.max(offset, page << Addr.PAGE_SHIFT);
      long to = Math.min(end, stretchEndPage << Addr.PAGE_SHIFT);
      pages.write(from, src.dropFirst(from - offset).takeFirst(to - from));
      page = pages.nextPresent(stretchEndPage, FilePages.pagesFor(end));
    }
  }
}
