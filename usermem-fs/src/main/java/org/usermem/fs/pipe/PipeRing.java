package org.usermem.fs.pipe;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.Addr;
import org.usermem.block.BlockSeq;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MemoryFile;
import org.usermem.memmap.MemoryKind;

/**
 * The buffers of a pipe, oldest first, each of up to a page: a ring of pages, some of them in use
 * (Linux's {@code pipe_inode_info.bufs}). Guarded by the lock of its {@link PipeBuffer}.
 */
final class PipeRing {

  /** The most bytes that a buffer holds. */
  static final int PAGE = (int) Addr.PAGE_SIZE;

  /** Marks a buffer that later writes may add to. */
  static final byte MERGES = 1;

  /** Marks a buffer that is read alone, and whose rest is lost when a part is read. */
  static final byte PACKET = 2;

  private final MemoryFile memoryFile;
  private @Nullable FileRange storage;
  private MemorySegment bytes = MemorySegment.NULL;

  // By the number of the page in the ring, of which there is a power of two, or none.
  private int[] offsets = {};
  private int[] lengths = {};
  private byte[] marks = {};

  private int first; // page of the oldest buffer
  private int bufferCount;
  private int byteCount;

  PipeRing(MemoryFile memoryFile) {
    this.memoryFile = memoryFile;
  }

  int bufferCount() {
    return bufferCount;
  }

  /** Returns the number of bytes in all buffers. */
  int byteCount() {
    return byteCount;
  }

  /** Returns the page of a buffer; 0 is the oldest, and the number of buffers the next new one. */
  private int pageOf(int buffer) {
    return (first + buffer) & (lengths.length - 1);
  }

  private static long start(int page) {
    return (long) page * PAGE;
  }

  /**
   * Makes room for more buffers.
   *
   * @throws org.usermem.errno.LinuxException ENOMEM
   */
  void reserve(int moreBuffers) {
    int needed = bufferCount + moreBuffers;
    if (needed > lengths.length) {
      growSlow(Integer.highestOneBit(needed * 2 - 1));
    }
  }

  private void growSlow(int pageCount) {
    FileRange newStorage = memoryFile.allocate(start(pageCount), MemoryKind.SYSTEM);
    MemorySegment newBytes = memoryFile.segment(newStorage);
    int[] newOffsets = new int[pageCount];
    int[] newLengths = new int[pageCount];
    byte[] newMarks = new byte[pageCount];
    for (int buffer = 0; buffer < bufferCount; buffer++) {
      int page = pageOf(buffer);
      newOffsets[buffer] = offsets[page];
      newLengths[buffer] = lengths[page];
      newMarks[buffer] = marks[page];
      MemorySegment.copy(bytes, start(page), newBytes, start(buffer), PAGE);
    }
    free();
    storage = newStorage;
    bytes = newBytes;
    offsets = newOffsets;
    lengths = newLengths;
    marks = newMarks;
    first = 0;
  }

  /** Drops all bytes and gives the memory back. */
  void clear() {
    free();
    bytes = MemorySegment.NULL;
    offsets = new int[0];
    lengths = new int[0];
    marks = new byte[0];
    first = 0;
    bufferCount = 0;
    byteCount = 0;
  }

  private void free() {
    if (storage != null) {
      memoryFile.decRef(storage);
      storage = null;
    }
  }

  /** Returns how many bytes the newest buffer can still take. */
  int mergeRoom() {
    if (bufferCount == 0) {
      return 0;
    }
    int page = pageOf(bufferCount - 1);
    return (marks[page] & MERGES) == 0 ? 0 : PAGE - offsets[page] - lengths[page];
  }

  /** Adds bytes to the newest buffer, at most {@link #mergeRoom}. */
  void merge(BlockSeq src, int count) {
    int page = pageOf(bufferCount - 1);
    src.copyTo(bytes, start(page) + offsets[page] + lengths[page], count);
    lengths[page] += count;
    byteCount += count;
  }

  /** Adds a buffer, for which there is room, with the first bytes of what is given. */
  void push(BlockSeq src, int count, byte mark) {
    src.copyTo(bytes, start(pageOf(bufferCount)), count);
    pushFilled(count, mark);
  }

  private void pushFilled(int count, byte mark) {
    int page = pageOf(bufferCount);
    offsets[page] = 0;
    lengths[page] = count;
    marks[page] = mark;
    bufferCount++;
    byteCount += count;
  }

  /**
   * Returns the memory of the next new buffers, for which there is room, as far as it lies
   * together.
   */
  MemorySegment vacant(int buffers) {
    int page = pageOf(bufferCount);
    return bytes.asSlice(start(page), start(Math.min(buffers, lengths.length - page)));
  }

  /** Takes bytes that were put where new buffers go as such buffers, to which nothing is added. */
  void pushInPlace(long count) {
    for (long left = count; left > 0; left -= PAGE) {
      pushFilled((int) Math.min(left, PAGE), (byte) 0);
    }
  }

  /** Returns the number of bytes in a buffer; 0 is the oldest. */
  int lengthOf(int buffer) {
    return lengths[pageOf(buffer)];
  }

  byte marksOf(int buffer) {
    return marks[pageOf(buffer)];
  }

  /** Returns the bytes of a buffer; 0 is the oldest. */
  MemorySegment bytesOf(int buffer) {
    int page = pageOf(buffer);
    return bytes.asSlice(start(page) + offsets[page], lengths[page]);
  }

  /** Copies bytes of the oldest buffer and leaves them. */
  void peek(BlockSeq dst, long count) {
    dst.copyFrom(bytes, start(first) + offsets[first], count);
  }

  /** Returns the oldest bytes as far as they lie together, at most as many as are given. */
  MemorySegment oldest(long limit) {
    long start = start(first) + offsets[first];
    int page = first;
    long end = start + lengths[page];
    for (int buffer = 1; buffer < bufferCount && end - start < limit; buffer++) {
      page++;
      if (page == lengths.length || end != start(page) || offsets[page] != 0) {
        break;
      }
      end += lengths[page];
    }
    return bytes.asSlice(start, Math.min(limit, end - start));
  }

  /** Drops the oldest bytes. */
  void consume(long count) {
    long left = count;
    while (left > 0) {
      int dropped = (int) Math.min(left, lengths[first]);
      offsets[first] += dropped;
      lengths[first] -= dropped;
      byteCount -= dropped;
      left -= dropped;
      if (lengths[first] == 0) {
        first = pageOf(1);
        bufferCount--;
      }
    }
    if (bufferCount == 0) {
      // Starting over keeps a pipe that is emptied each time in its first page.
      first = 0;
    }
  }
}
