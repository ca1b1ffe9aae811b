package org.usermem.mm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.Addr;
import org.usermem.io.IOOpts;
import org.usermem.mm.epoch.Epochs;
import org.usermem.mm.table.PageEntry;
import org.usermem.mm.table.PageTable;

/** Strings that end with a zero byte, where they lie in one resident page. */
final class UserStrings {

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private final MemorySegment base;
  private final PageTable table;
  private final Epochs epochs;
  private final long end;

  UserStrings(Space space) {
    this.base = space.file.base();
    this.table = space.table;
    this.epochs = space.quarantine.epochs();
    this.end = space.layout.maxAddress();
  }

  /** Returns the string, or null where that takes more than this. */
  @Nullable String copyIn(long addr, int maxByteCount, IOOpts opts) {
    if (!Addr.lessThan(addr, end)) {
      return null;
    }
    long needed = Access.neededToRead(opts);
    long page = Addr.pageNumber(addr);
    int most = Math.min(maxByteCount, Addr.bytesToPageEnd(addr));
    int length;
    int slot = epochs.enter();
    try {
      long entry = table.get(page);
      if (!PageEntry.allows(entry, needed)) {
        return null;
      }
      length = indexOfZero(PageEntry.offset(entry) + Addr.pageOffset(addr), most);
    } finally {
      epochs.exit(slot);
    }
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    slot = epochs.enter();
    try {
      long entry = table.get(page);
      if (!PageEntry.allows(entry, needed)) {
        return null;
      }
      long offset = PageEntry.offset(entry) + Addr.pageOffset(addr);
      MemorySegment.copy(base, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
    } finally {
      epochs.exit(slot);
    }
    // The program may have changed it meanwhile: what is returned has no zero all the same.
    for (int i = 0; i < length; i++) {
      if (bytes[i] == 0) {
        length = i;
      }
    }
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  private int indexOfZero(long offset, int byteCount) {
    int i = 0;
    for (; i <= byteCount - Long.BYTES; i += Long.BYTES) {
      long word = base.get(WORD, offset + i);
      long zeros = (word - ONES) & ~word & HIGH_BITS;
      if (zeros != 0) {
        return i + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
      }
    }
    for (; i < byteCount; i++) {
      if (base.get(ValueLayout.JAVA_BYTE, offset + i) == 0) {
        return i;
      }
    }
    return -1;
  }
}
