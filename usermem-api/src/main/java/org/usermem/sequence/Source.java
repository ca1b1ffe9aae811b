package org.usermem.sequence;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriter;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.errno.PartialCopyException;
import org.usermem.struct.StructCodec;

/**
 * A sequence that gives bytes of a program: the argument of write(2) and its like.
 *
 * <p>A source is a value: copying does not move it on. Drop what was copied, or read through {@link
 * #reader()}.
 *
 * <p>Source: {@code usermem.IOSequence} of gVisor; copy_from_iter of Linux.
 */
public non-sealed interface Source extends IOSequence {

  /** Returns the source of the bytes of a segment. */
  static Source of(MemorySegment bytes) {
    return of(BlockSeq.of(bytes));
  }

  /** Returns the source of the bytes of blocks. */
  static Source of(BlockSeq bytes) {
    return new BlockSource(bytes.asReadOnly());
  }

  /** Returns the source of the bytes of an array, which is not copied. */
  static Source of(byte[] bytes) {
    return of(MemorySegment.ofArray(bytes));
  }

  @Override
  Source dropFirst(long byteCount);

  @Override
  Source takeFirst(long byteCount);

  /**
   * Copies the first bytes of the source into a part of a segment.
   *
   * @param dst where to copy to; not kept
   * @param dstOffset offset in {@code dst} of the first byte
   * @param byteCount the most that is copied; not negative
   * @return the number of bytes copied; less than {@code byteCount} exactly when the source ends or
   *     a fault was met after some bytes
   * @throws LinuxException EFAULT if nothing could be copied and there was something to copy
   */
  long copyIn(MemorySegment dst, long dstOffset, long byteCount);

  /** Copies bytes into a segment; see {@link #copyIn(MemorySegment, long, long)}. */
  default long copyIn(MemorySegment dst) {
    return copyIn(dst, 0, dst.byteSize());
  }

  /** Copies bytes into an array; see {@link #copyIn(MemorySegment, long, long)}. */
  default int copyIn(byte[] dst) {
    return (int) copyIn(MemorySegment.ofArray(dst), 0, dst.length);
  }

  /** Copies bytes into a part of an array; see {@link #copyIn(MemorySegment, long, long)}. */
  default int copyIn(byte[] dst, int dstOffset, int byteCount) {
    return (int) copyIn(MemorySegment.ofArray(dst), dstOffset, byteCount);
  }

  /**
   * Hands the memory of the source itself to a writer, once, without a copy in between.
   *
   * <p>If not all of the memory is there, the writer gets what lies before the fault. It is not
   * called if that is nothing.
   *
   * @param dst takes the blocks; see {@link BlockWriter} for what it must not do with them
   * @return the number of bytes that {@code dst} has taken; less than {@link #numBytes} exactly
   *     when it took less or a fault was met
   * @throws LinuxException EFAULT if nothing of the memory is there and there was something to
   *     copy; whatever {@code dst} throws
   */
  long copyInTo(BlockWriter dst);

  /**
   * Fills a segment.
   *
   * @throws PartialCopyException EFAULT if only some of the bytes could be copied; it says how many
   * @throws LinuxException EINVAL, with nothing copied, if the source has fewer bytes than that;
   *     EFAULT if nothing could be copied
   */
  default void copyInFully(MemorySegment dst) {
    long byteCount = dst.byteSize();
    if (numBytes() < byteCount) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long copied = copyIn(dst, 0, byteCount);
    if (copied < byteCount) {
      throw new PartialCopyException(Errno.EFAULT, copied, byteCount);
    }
  }

  /**
   * Copies a value of fixed layout from the start of the source.
   *
   * @throws LinuxException EINVAL if the source has fewer bytes than the value, EFAULT if not all
   *     of it can be read
   */
  default <T> T copyInStruct(StructCodec<T> codec) {
    MemorySegment buffer = codec.newBuffer(1);
    copyInFully(buffer);
    return codec.decode(buffer, 0);
  }

  /**
   * Copies the first bytes of the source into a new array.
   *
   * @param maxByteCount the most that is allocated and copied
   * @return an array of as many bytes as were copied
   * @throws LinuxException EFAULT if nothing could be copied and there was something to copy
   */
  default byte[] copyInBytes(int maxByteCount) {
    byte[] bytes = new byte[(int) Math.min(numBytes(), maxByteCount)];
    int copied = copyIn(bytes);
    return copied == bytes.length ? bytes : Arrays.copyOf(bytes, copied);
  }

  /** Returns a cursor at the first byte of the source. */
  default SourceReader reader() {
    return new SourceReader(this);
  }
}
