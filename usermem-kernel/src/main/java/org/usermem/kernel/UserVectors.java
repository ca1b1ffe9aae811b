package org.usermem.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IO;
import org.usermem.io.IOOpts;
import org.usermem.mm.MemoryManager;

/**
 * Copies vectors of strings and of buffers, by the limits of Linux's lib/iov_iter.c and fs/exec.c.
 */
final class UserVectors {

  /** Most bytes that one call reads or writes (MAX_RW_COUNT). */
  static final long MAXIMUM_TRANSFER = 0x7fff_f000L;

  /** Most entries of an array of buffers (IOV_MAX). */
  static final int MAXIMUM_IOVECS = 1024;

  private static final int IOVEC_BYTE_COUNT = 16;
  private static final int FAST_IOVECS = 8;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private UserVectors() {}

  static List<byte[]> copyInStrings(
      IO memory, long addr, int maximumStringBytes, int maximumTotalBytes) {
    List<byte[]> strings = new ArrayList<>();
    if (addr == 0) {
      return strings;
    }
    long left = maximumTotalBytes;
    for (long at = addr; ; at += Long.BYTES) {
      long pointer = loadLong(memory, at);
      if (pointer == 0) {
        return strings;
      }
      left -= Long.BYTES;
      byte[] string = copyInString(memory, pointer, (int) Math.min(left, maximumStringBytes));
      left -= string.length + 1L;
      strings.add(string);
    }
  }

  private static byte[] copyInString(IO memory, long addr, int maximum) {
    if (maximum <= 0) {
      throw LinuxException.of(Errno.E2BIG);
    }
    try {
      return memory
          .copyStringIn(addr, maximum, IOOpts.DEFAULT)
          .getBytes(StandardCharsets.ISO_8859_1);
    } catch (LinuxException e) {
      throw e.errno() == Errno.ENAMETOOLONG ? LinuxException.of(Errno.E2BIG) : e;
    }
  }

  private static long loadLong(IO memory, long addr) {
    if ((addr & 7) == 0) {
      return memory.loadLong(addr, IOOpts.DEFAULT);
    }
    byte[] word = new byte[Long.BYTES];
    memory.copyInFully(addr, word, IOOpts.DEFAULT);
    return MemorySegment.ofArray(word).get(LONG, 0);
  }

  static AddrRangeSeq copyInIovecs(
      MemoryManager memory, UserScratch scratch, long addr, long count) {
    if (count < 0 || count > MAXIMUM_IOVECS) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (count == 0) {
      return AddrRangeSeq.empty();
    }
    int entries = (int) count;
    MemorySegment array =
        entries <= FAST_IOVECS
            ? scratch.take((long) entries * IOVEC_BYTE_COUNT)
            : MemorySegment.ofArray(new long[entries * 2]);
    copyInEntries(memory, addr, array);
    if (entries == 1) {
      long start = array.get(LONG, 0);
      long byteCount = Math.min(array.get(LONG, Long.BYTES), MAXIMUM_TRANSFER);
      checkRange(memory, start, byteCount);
      return AddrRangeSeq.of(start, byteCount);
    }
    return cut(memory, array, entries);
  }

  /**
   * Copies the array as {@code copy_iovec_from_user} does, entry by entry: a negative length is
   * EINVAL before a later entry that can't be read is EFAULT, and before any address is looked at.
   */
  private static void copyInEntries(IO memory, long addr, MemorySegment array) {
    long byteCount = memory.copyIn(addr, array, IOOpts.DEFAULT);
    checkLengths(array, byteCount / IOVEC_BYTE_COUNT);
    if (byteCount < array.byteSize()) {
      throw LinuxException.of(Errno.EFAULT);
    }
  }

  private static void checkLengths(MemorySegment array, long entries) {
    for (long index = 0; index < entries; index++) {
      if (array.get(LONG, index * IOVEC_BYTE_COUNT + Long.BYTES) < 0) {
        throw LinuxException.of(Errno.EINVAL);
      }
    }
  }

  private static AddrRangeSeq cut(MemoryManager memory, MemorySegment array, int entries) {
    long[] pairs = new long[entries * 2];
    long left = MAXIMUM_TRANSFER;
    for (int index = 0; index < entries; index++) {
      long start = array.get(LONG, (long) index * IOVEC_BYTE_COUNT);
      long byteCount = array.get(LONG, (long) index * IOVEC_BYTE_COUNT + Long.BYTES);
      checkRange(memory, start, byteCount);
      byteCount = Math.min(byteCount, left);
      left -= byteCount;
      pairs[2 * index] = start;
      pairs[2 * index + 1] = byteCount;
    }
    return AddrRangeSeq.ofPairs(pairs, entries);
  }

  /**
   * Returns the length of one buffer as a call uses it ({@code vfs_read}): one that reaches past
   * the program's addresses is EFAULT before its sign is looked at.
   */
  static long bufferLength(MemoryManager memory, long addr, long byteCount) {
    checkRange(memory, addr, byteCount);
    return Math.min(byteCount, MAXIMUM_TRANSFER);
  }

  /** Follows {@code access_ok}: whether anything is mapped there shows when it is copied. */
  private static void checkRange(MemoryManager memory, long addr, long byteCount) {
    long end = memory.layout().maxAddress();
    if (Long.compareUnsigned(byteCount, end) > 0
        || Long.compareUnsigned(addr, end - byteCount) > 0) {
      throw LinuxException.of(Errno.EFAULT);
    }
  }

  static void copyOutIovecs(IO memory, long addr, AddrRangeSeq ranges) {
    int count = ranges.rangeCount();
    MemorySegment array = MemorySegment.ofArray(new long[count * 2]);
    for (int index = 0; index < count; index++) {
      array.set(LONG, (long) index * IOVEC_BYTE_COUNT, ranges.start(index));
      array.set(LONG, (long) index * IOVEC_BYTE_COUNT + Long.BYTES, ranges.byteCount(index));
    }
    memory.copyOutFully(addr, array, IOOpts.DEFAULT);
  }
}
