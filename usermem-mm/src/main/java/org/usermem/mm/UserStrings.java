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

/** Short strings that end with a zero byte, where they lie in one resident page. */
final class UserStrings {

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;

  /** Bytes of a string that is short: most names of files are. */
  private static final int LONGEST = 256;

  private static final long HIGH_BITS = 0x8080808080808080L;

  private final MemorySegment base;
  private final PageTable table;
  private final Epochs epochs;
  private final long end;

  /**
   * A buffer a slot of the epochs, whose owner is whoever is in the slot. {@code String} copies
   * what it is made of, and the program may change its bytes at any time; so they are taken out
   * first, and this is where to.
   */
  private final byte[] @Nullable [] buffers;

  UserStrings(Space space) {
    this.base = space.file.base();
    this.table = space.table;
    this.epochs = space.quarantine.epochs();
    this.end = space.layout.maxAddress();
    this.buffers = new byte[epochs.slotCount()][];
  }

  /** Returns the string, or null where that takes more than this. */
  @Nullable String copyIn(long addr, int maxByteCount, IOOpts opts) {
    if (!Addr.lessThan(addr, end)) {
      return null;
    }
    long needed = Access.neededToRead(opts);
    int most = Math.min(Math.min(maxByteCount, LONGEST), Addr.bytesToPageEnd(addr));
    int slot = epochs.enter();
    try {
      long entry = table.get(Addr.pageNumber(addr));
      if (!PageEntry.allows(entry, needed)) {
        return null;
      }
      long offset = PageEntry.offset(entry) + Addr.pageOffset(addr);
      int length = indexOfZero(offset, most);
      return length < 0 ? null : string(offset, length, bufferOf(epochs.index(slot)));
    } finally {
      epochs.exit(slot);
    }
  }

  private String string(long offset, int length, byte[] bytes) {
    MemorySegment.copy(base, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
    // The program may have changed it meanwhile: what is returned has no zero all the same.
    int end = 0;
    while (end < length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
  }

  private byte[] bufferOf(int index) {
    byte @Nullable [] buffer = buffers[index];
    if (buffer == null) {
      buffer = new byte[LONGEST];
      buffers[index] = buffer;
    }
    return buffer;
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
