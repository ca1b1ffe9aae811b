package org.usermem.sequence;

import java.lang.foreign.MemorySegment;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.errno.PartialCopyException;
import org.usermem.memmap.Generation;
import org.usermem.memmap.MemoryFile;
import org.usermem.struct.StructCodec;

/**
 * A sequence that takes bytes for a program: the argument of read(2) and its like.
 *
 * <p>A sink is a value: copying does not move it on. Drop what was copied, or write through {@link
 * #writer()}.
 *
 * <p>Source: {@code usermem.IOSequence} of gVisor; copy_to_iter of Linux.
 */
public non-sealed interface Sink extends IOSequence {

  /** Returns the sink over a segment. */
  static Sink of(MemorySegment bytes) {
    return new BlockSink(BlockSeq.of(bytes));
  }

  /** Returns the sink over blocks. */
  static Sink of(BlockSeq bytes) {
    return new BlockSink(bytes);
  }

  /** Returns the sink over an array. */
  static Sink of(byte[] bytes) {
    return of(MemorySegment.ofArray(bytes));
  }

  @Override
  Sink dropFirst(long byteCount);

  @Override
  Sink takeFirst(long byteCount);

  /**
   * Copies bytes of a part of a segment to the start of the sink.
   *
   * @param src what to copy from; not kept
   * @param srcOffset offset in {@code src} of the first byte
   * @param byteCount the most that is copied; not negative
   * @return the number of bytes copied; less than {@code byteCount} exactly when the sink ends or a
   *     fault was met after some bytes
   * @throws LinuxException EFAULT if nothing could be copied and there was something to copy
   */
  long copyOut(MemorySegment src, long srcOffset, long byteCount);

  /**
   * Copies bytes that their owner may take away meanwhile, unless it has done so: for files whose
   * pages are in the memory file, without a lock that keeps them there.
   *
   * <p>Once the generation has ended, nothing is copied; and a copy that has begun is over when
   * {@link MemoryFile#awaitCopies} returns. Only memory of the program that is there already is
   * copied to: for the rest there is {@link #copyOutFrom}. By default that is all of it.
   *
   * @param src the memory file; not kept
   * @param srcOffset offset in {@code src} of the first byte
   * @param byteCount the most that is copied; not negative
   * @param generation of the bytes
   * @param seen what {@link Generation#current} said before the bytes were found
   * @return the number of bytes copied, perhaps 0
   */
  default long copyOutWhile(
      MemorySegment src, long srcOffset, long byteCount, Generation generation, long seen) {
    return 0;
  }

  /** Copies the bytes of a segment; see {@link #copyOut(MemorySegment, long, long)}. */
  default long copyOut(MemorySegment src) {
    return copyOut(src, 0, src.byteSize());
  }

  /** Copies the bytes of an array; see {@link #copyOut(MemorySegment, long, long)}. */
  default int copyOut(byte[] src) {
    return (int) copyOut(MemorySegment.ofArray(src), 0, src.length);
  }

  /** Copies bytes of a part of an array; see {@link #copyOut(MemorySegment, long, long)}. */
  default int copyOut(byte[] src, int srcOffset, int byteCount) {
    return (int) copyOut(MemorySegment.ofArray(src), srcOffset, byteCount);
  }

  /**
   * Sets the first bytes of the sink to zero.
   *
   * @param byteCount the most that is set; not negative
   * @return the number of bytes set; less than {@code byteCount} exactly when the sink ends or a
   *     fault was met after some bytes
   * @throws LinuxException EFAULT if nothing could be set and there was something to set
   */
  long zeroOut(long byteCount);

  /**
   * Has a reader fill the memory of the sink itself, once, without a copy in between.
   *
   * <p>All of the memory is checked and faulted in before the reader is asked, so bytes that it
   * takes from a file, pipe or device can't be lost to a bad pointer. If not all of the memory is
   * there, the reader gets what lies before the fault; it is not called if that is nothing.
   *
   * @param src fills the blocks; see {@link BlockReader} for what it must not do with them
   * @return the number of bytes that {@code src} has read; less than {@link #numBytes} exactly when
   *     it read less or a fault was met
   * @throws LinuxException EFAULT if nothing of the memory is there and there was something to
   *     copy; whatever {@code src} throws
   */
  long copyOutFrom(BlockReader src);

  /**
   * Copies all bytes of a segment to the start of the sink.
   *
   * @throws PartialCopyException EFAULT if only some of the bytes could be copied; it says how many
   * @throws LinuxException EINVAL, with nothing copied, if the sink has fewer bytes than that;
   *     EFAULT if nothing could be copied
   */
  default void copyOutFully(MemorySegment src) {
    long byteCount = src.byteSize();
    if (numBytes() < byteCount) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long copied = copyOut(src, 0, byteCount);
    if (copied < byteCount) {
      throw new PartialCopyException(Errno.EFAULT, copied, byteCount);
    }
  }

  /**
   * Copies a value of fixed layout to the start of the sink.
   *
   * @throws LinuxException EINVAL if the sink has fewer bytes than the value, EFAULT if not all of
   *     it can be written
   */
  default <T> void copyOutStruct(T value, StructCodec<T> codec) {
    MemorySegment buffer = codec.newBuffer(1);
    codec.encode(value, buffer, 0);
    copyOutFully(buffer);
  }

  /** Returns a cursor at the first byte of the sink. */
  default SinkWriter writer() {
    return new SinkWriter(this);
  }
}
