package org.usermem.fs.page;

import org.usermem.addr.Addr;
import org.usermem.block.BlockSeq;
import org.usermem.memmap.MappableRange;

/**
 * Writes pages that programs have stored to back to the storage of their file.
 *
 * <p>Thread safety: none; the locks of the mappings and of the pages are held.
 */
final class PageWriter {

  private final BackingFile file;
  private final FilePages pages;
  private final OpenStorage storage;
  private final FileMappings mappings;

  PageWriter(BackingFile file, FilePages pages, OpenStorage storage, FileMappings mappings) {
    this.file = file;
    this.pages = pages;
    this.storage = storage;
    this.mappings = mappings;
  }

  /**
   * Writes dirty pages. What may be stored to meanwhile stays dirty.
   *
   * @param byteSize the size of the file: what lies after it is not written
   * @throws org.usermem.errno.LinuxException what the storage says; what was not written stays
   *     dirty
   */
  void write(long startPage, long endPage, long byteSize) {
    long page = pages.nextPresent(startPage, endPage);
    while (page >= 0) {
      if (pages.isDirty(page)) {
        writePage(page, byteSize);
        MappableRange range = MappableRange.of(page << Addr.PAGE_SHIFT, Addr.PAGE_SIZE);
        if (!mappings.isMappedWritableLocked(range)) {
          pages.setDirty(page, false);
        }
      }
      page = pages.nextPresent(page + 1, endPage);
    }
  }

  private void writePage(long page, long byteSize) {
    long offset = page << Addr.PAGE_SHIFT;
    long count = Math.min(Addr.PAGE_SIZE, byteSize - offset);
    if (count <= 0) {
      return;
    }
    BlockSeq rest = BlockSeq.of(pages.segmentOf(page, 1).asSlice(0, count));
    BackingChannel open = storage.open(true);
    while (!rest.isEmpty()) {
      long written = open.write(offset, rest);
      offset += written;
      rest = rest.dropFirst(written);
    }
    file.changed();
  }
}
