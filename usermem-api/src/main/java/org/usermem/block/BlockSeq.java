package org.usermem.block;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AddrRangeSeq;

/**
 * A sequence of blocks of memory, each a part of a {@link MemorySegment}.
 *
 * <p>Empty blocks do not show. A sequence of one block needs no array; one whose blocks are parts
 * of one segment needs only the {@link AddrRangeSeq} that says which. What is dropped or taken
 * shares all with what it was made from.
 *
 * <p>Copies move as many bytes as the shorter side has. They go block by block from the start, and
 * between two blocks as memmove(3) does: blocks that overlap one another are copied right. Where
 * one side has several blocks and a block overlaps an earlier one of the other side, bytes that
 * were copied already may be read again, as with any walk over two vectors.
 *
 * <p>Source: {@code pkg/safemem/seq_unsafe.go} of gVisor.
 *
 * <p>Thread safety: the sequence is immutable. The memory is not, and may be confined to a thread.
 */
public final class BlockSeq {

  private static final BlockSeq EMPTY = new BlockSeq(MemorySegment.NULL, null, null, 0, 0, 0);

  /** The memory of all blocks, or of none where {@link #segments} is there. */
  private final MemorySegment base;

  /** The blocks, or null. */
  private final MemorySegment @Nullable [] segments;

  /** What parts of {@link #base} are the blocks, or null if all of it is one. */
  private final @Nullable AddrRangeSeq ranges;

  /** Index of the first block in the array or the ranges. */
  private final int first;

  /** Bytes of the first block that are dropped. */
  private final long headOffset;

  private final long numBytes;

  private BlockSeq(
      MemorySegment base,
      MemorySegment @Nullable [] segments,
      @Nullable AddrRangeSeq ranges,
      int first,
      long headOffset,
      long numBytes) {
    this.base = base;
    this.segments = segments;
    this.ranges = ranges;
    this.first = first;
    this.headOffset = headOffset;
    this.numBytes = numBytes;
  }

  /** Returns the sequence of no blocks. */
  public static BlockSeq empty() {
    return EMPTY;
  }

  /** Returns the sequence of one block, the whole of a segment. */
  public static BlockSeq of(MemorySegment block) {
    return new BlockSeq(block, null, null, 0, 0, block.byteSize());
  }

  /** Returns the sequence of one block, a part of a segment. */
  public static BlockSeq of(MemorySegment memory, long offset, long byteCount) {
    Objects.checkFromIndexSize(offset, byteCount, memory.byteSize());
    return new BlockSeq(memory, null, null, 0, offset, byteCount);
  }

  /** Returns the sequence of some blocks, each the whole of a segment. */
  public static BlockSeq of(List<MemorySegment> blocks) {
    return blocks.size() == 1
        ? of(blocks.getFirst())
        : ofArray(blocks.toArray(MemorySegment[]::new), blocks.size());
  }

  /**
   * Returns the sequence of the blocks in an array, each the whole of a segment.
   *
   * <p>The array is kept and not copied: it must not change while this sequence, or one that was
   * made from it, is in use.
   *
   * @param blocks the blocks; it may be longer than their number
   * @param blockCount the number of blocks
   * @throws IllegalArgumentException if together they have more than 2^63 - 1 bytes
   */
  public static BlockSeq ofArray(MemorySegment[] blocks, int blockCount) {
    if (blockCount < 0 || blockCount > blocks.length) {
      throw new IllegalArgumentException(
          blockCount + " blocks do not fit in an array of " + blocks.length);
    }
    long numBytes = 0;
    for (int i = 0; i < blockCount; i++) {
      numBytes += blocks[i].byteSize();
      if (numBytes < 0) {
        throw new IllegalArgumentException(
            "blocks 0 to " + i + " have more than 2^63 - 1 bytes together");
      }
    }
    return new BlockSeq(MemorySegment.NULL, blocks, null, 0, 0, numBytes);
  }

  /**
   * Returns the sequence of blocks that are parts of one segment.
   *
   * <p>Nothing is looked at now: a part that lies outside shows when it is used, with an {@link
   * IndexOutOfBoundsException}.
   *
   * @param memory the memory that holds all blocks
   * @param offsets which parts, as offsets from the start of {@code memory}
   */
  public static BlockSeq of(MemorySegment memory, AddrRangeSeq offsets) {
    return new BlockSeq(memory, null, offsets, 0, 0, offsets.numBytes());
  }

  /** Returns the same blocks as read-only segments. */
  public BlockSeq asReadOnly() {
    if (segments == null) {
      return base.isReadOnly()
          ? this
          : new BlockSeq(base.asReadOnly(), null, ranges, first, headOffset, numBytes);
    }
    MemorySegment[] readOnly = new MemorySegment[segments.length];
    for (int i = 0; i < segments.length; i++) {
      readOnly[i] = segments[i].asReadOnly();
    }
    return new BlockSeq(base, readOnly, null, first, headOffset, numBytes);
  }

  /** Returns whether there is no byte in the sequence. */
  public boolean isEmpty() {
    return numBytes == 0;
  }

  /** Returns the number of bytes in all blocks. */
  public long numBytes() {
    return numBytes;
  }

  /** Returns the number of blocks that are not empty; it walks over them. */
  public int blockCount() {
    int count = 0;
    int i = first;
    long offset = headOffset;
    for (long left = numBytes; left > 0; i++) {
      long inBlock = Math.min(left, lengthOf(i) - offset);
      count += inBlock > 0 ? 1 : 0;
      left -= inBlock;
      offset = 0;
    }
    return count;
  }

  /** Returns the blocks that are not empty. */
  public List<MemorySegment> blocks() {
    List<MemorySegment> blocks = new ArrayList<>();
    int i = first;
    long offset = headOffset;
    for (long left = numBytes; left > 0; i++) {
      long inBlock = Math.min(left, lengthOf(i) - offset);
      if (inBlock > 0) {
        blocks.add(segmentOf(i).asSlice(startOf(i) + offset, inBlock));
      }
      left -= inBlock;
      offset = 0;
    }
    return blocks;
  }

  /**
   * Returns the first block that is not empty.
   *
   * @throws IndexOutOfBoundsException if the sequence is empty
   */
  public MemorySegment head() {
    int i = headIndex();
    long offset = i == first ? headOffset : 0;
    return segmentOf(i).asSlice(startOf(i) + offset, Math.min(numBytes, lengthOf(i) - offset));
  }

  /**
   * Returns all blocks after {@link #head}.
   *
   * @throws IndexOutOfBoundsException if the sequence is empty
   */
  public BlockSeq tail() {
    int i = headIndex();
    return dropFirst(Math.min(numBytes, lengthOf(i) - (i == first ? headOffset : 0)));
  }

  private int headIndex() {
    if (numBytes == 0) {
      throw new IndexOutOfBoundsException("an empty sequence has no first block");
    }
    int i = first;
    for (long offset = headOffset; lengthOf(i) == offset; offset = 0) {
      i++;
    }
    return i;
  }

  /**
   * Returns the sequence without its first {@code byteCount} bytes; the empty one if it has no
   * more.
   *
   * @throws IllegalArgumentException if {@code byteCount} is negative
   */
  public BlockSeq dropFirst(long byteCount) {
    requireCount(byteCount);
    if (byteCount >= numBytes) {
      return EMPTY;
    }
    return byteCount < lengthOf(first) - headOffset
        ? new BlockSeq(base, segments, ranges, first, headOffset + byteCount, numBytes - byteCount)
        : dropBlocksSlow(byteCount);
  }

  private BlockSeq dropBlocksSlow(long byteCount) {
    int i = first;
    long left = headOffset + byteCount;
    for (long inBlock; left >= (inBlock = lengthOf(i)); i++) {
      left -= inBlock;
    }
    return new BlockSeq(base, segments, ranges, i, left, numBytes - byteCount);
  }

  /**
   * Returns the sequence cut after its first {@code byteCount} bytes; the same if it has no more.
   *
   * @throws IllegalArgumentException if {@code byteCount} is negative
   */
  public BlockSeq takeFirst(long byteCount) {
    requireCount(byteCount);
    if (byteCount >= numBytes) {
      return this;
    }
    return byteCount == 0
        ? EMPTY
        : new BlockSeq(base, segments, ranges, first, headOffset, byteCount);
  }

  private static void requireCount(long byteCount) {
    if (byteCount < 0) {
      throw new IllegalArgumentException("byte count " + byteCount + " is negative");
    }
  }

  /**
   * Copies bytes of another sequence into this one.
   *
   * @return the number of bytes copied, that of the shorter sequence
   */
  public long copyFrom(BlockSeq src) {
    if (src.isWithinOneSegment()) {
      return copyFrom(src.base, src.headOffset, src.numBytes);
    }
    if (isWithinOneSegment()) {
      return src.copyTo(base, headOffset, numBytes);
    }
    return copyBlocksFrom(src);
  }

  /** Whether the sequence is one part of one segment, at {@link #headOffset}. */
  private boolean isWithinOneSegment() {
    return segments == null && ranges == null;
  }

  private long copyBlocksFrom(BlockSeq src) {
    long byteCount = Math.min(numBytes, src.numBytes);
    int to = first;
    int from = src.first;
    long toOffset = headOffset;
    long fromOffset = src.headOffset;
    long left = byteCount;
    while (left > 0) {
      long n = Math.min(left, Math.min(lengthOf(to) - toOffset, src.lengthOf(from) - fromOffset));
      // An empty block may be anywhere, even outside the segment.
      if (n != 0) {
        MemorySegment.copy(
            src.segmentOf(from),
            src.startOf(from) + fromOffset,
            segmentOf(to),
            startOf(to) + toOffset,
            n);
      }
      left -= n;
      toOffset += n;
      fromOffset += n;
      if (toOffset == lengthOf(to)) {
        to++;
        toOffset = 0;
      }
      if (fromOffset == src.lengthOf(from)) {
        from++;
        fromOffset = 0;
      }
    }
    return byteCount;
  }

  /** Copies the bytes of a segment into this sequence; see {@link #copyFrom(BlockSeq)}. */
  public long copyFrom(MemorySegment src) {
    return copyFrom(src, 0, src.byteSize());
  }

  /**
   * Copies bytes of a part of a segment into this sequence.
   *
   * @return the number of bytes copied: {@code byteCount}, or {@link #numBytes} if that is less
   */
  public long copyFrom(MemorySegment src, long offset, long byteCount) {
    Objects.checkFromIndexSize(offset, byteCount, src.byteSize());
    long total = Math.min(numBytes, byteCount);
    int i = first;
    long blockOffset = headOffset;
    for (long done = 0; done < total; i++) {
      long n = Math.min(total - done, lengthOf(i) - blockOffset);
      if (n != 0) {
        MemorySegment.copy(src, offset + done, segmentOf(i), startOf(i) + blockOffset, n);
      }
      done += n;
      blockOffset = 0;
    }
    return total;
  }

  /** Copies the bytes of this sequence into another; see {@link #copyFrom(BlockSeq)}. */
  public long copyTo(BlockSeq dst) {
    return dst.copyFrom(this);
  }

  /** Copies the bytes of this sequence into a segment; see {@link #copyFrom(BlockSeq)}. */
  public long copyTo(MemorySegment dst) {
    return copyTo(dst, 0, dst.byteSize());
  }

  /**
   * Copies bytes of this sequence into a part of a segment.
   *
   * @return the number of bytes copied: {@code byteCount}, or {@link #numBytes} if that is less
   */
  public long copyTo(MemorySegment dst, long offset, long byteCount) {
    Objects.checkFromIndexSize(offset, byteCount, dst.byteSize());
    long total = Math.min(numBytes, byteCount);
    int i = first;
    long blockOffset = headOffset;
    for (long done = 0; done < total; i++) {
      long n = Math.min(total - done, lengthOf(i) - blockOffset);
      if (n != 0) {
        MemorySegment.copy(segmentOf(i), startOf(i) + blockOffset, dst, offset + done, n);
      }
      done += n;
      blockOffset = 0;
    }
    return total;
  }

  /**
   * Sets all bytes to zero.
   *
   * @return {@link #numBytes}
   */
  public long zero() {
    int i = first;
    long offset = headOffset;
    for (long left = numBytes; left > 0; i++) {
      long n = Math.min(left, lengthOf(i) - offset);
      if (n != 0) {
        segmentOf(i).asSlice(startOf(i) + offset, n).fill((byte) 0);
      }
      left -= n;
      offset = 0;
    }
    return numBytes;
  }

  /**
   * Refuses a count that no reader or writer of this sequence may return.
   *
   * @param moved what {@link BlockReader#readToBlocks} or {@link BlockWriter#writeFromBlocks} gave
   * @return {@code moved}
   * @throws IllegalStateException if it is negative or above {@link #numBytes}
   */
  public long requireMovable(long moved) {
    if (moved < 0 || moved > numBytes) {
      throw new IllegalStateException(
          "a reader or writer of " + numBytes + " bytes says that it moved " + moved);
    }
    return moved;
  }

  private MemorySegment segmentOf(int i) {
    return segments == null ? base : segments[i];
  }

  private long startOf(int i) {
    return ranges == null ? 0 : ranges.start(i);
  }

  private long lengthOf(int i) {
    if (ranges != null) {
      return ranges.byteCount(i);
    }
    return segmentOf(i).byteSize();
  }

  /** Returns the lengths of the blocks as text, such as "[4096 512]". */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (MemorySegment block : blocks()) {
      text.append(text.length() == 1 ? "" : " ").append(block.byteSize());
    }
    return text.append(']').toString();
  }
}
