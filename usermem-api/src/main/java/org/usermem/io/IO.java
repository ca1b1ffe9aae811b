package org.usermem.io;

import java.lang.foreign.MemorySegment;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockWriter;
import org.usermem.errno.LinuxException;
import org.usermem.errno.PartialCopyException;
import org.usermem.memmap.Generation;

/**
 * Access to the contents of an address space.
 *
 * <p>Rules that hold for every method:
 *
 * <ul>
 *   <li>A copy that has moved at least one byte returns how many; that is short exactly when it met
 *       a fault, or a short read or write of the other side. One that could move nothing throws
 *       {@link LinuxException} with EFAULT. Copying 0 bytes gives 0; an implementation may still
 *       throw EFAULT if the range lies outside the addresses that a program can have.
 *   <li>Segments and sequences that are passed are not kept. A segment that is passed may be of any
 *       kind; what lies outside its bounds gives an {@link IndexOutOfBoundsException}.
 *   <li>The caller holds no lock of the address space and no lock that comes after those in the
 *       lock order of memory management: a copy may fault pages in.
 *   <li>Words are little-endian and aligned to their size; a word that is not gives EINVAL, as
 *       futex(2) says. Each access of a word is atomic and has the memory effects of a volatile
 *       access.
 *   <li>Copies are not atomic. A program may change the bytes while they are copied.
 * </ul>
 *
 * <p>Thread safety: all methods, from any thread.
 *
 * <p>Source: {@code usermem.IO} of gVisor; {@code lib/usercopy.c} and {@code kernel/futex/core.c}
 * of Linux.
 */
// The name is the field's; java.lang.IO of JDK 25 is of no use here.
@SuppressWarnings("AvoidCommonTypeNames")
public interface IO {

  /**
   * Copies bytes of a part of a segment into the address space.
   *
   * @param addr address of the first byte
   * @param src what to copy from
   * @param srcOffset offset in {@code src} of the first byte
   * @param byteCount the number of bytes, not negative
   * @return the number of bytes copied
   * @throws LinuxException EFAULT if nothing could be copied
   */
  long copyOut(long addr, MemorySegment src, long srcOffset, long byteCount, IOOpts opts);

  /** Copies the bytes of a segment into the address space. */
  default long copyOut(long addr, MemorySegment src, IOOpts opts) {
    return copyOut(addr, src, 0, src.byteSize(), opts);
  }

  /**
   * Copies bytes of the address space into a part of a segment.
   *
   * @param addr address of the first byte
   * @param dst where to copy to
   * @param dstOffset offset in {@code dst} of the first byte
   * @param byteCount the number of bytes, not negative
   * @return the number of bytes copied
   * @throws LinuxException EFAULT if nothing could be copied
   */
  long copyIn(long addr, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts);

  /** Copies bytes of the address space into a segment. */
  default long copyIn(long addr, MemorySegment dst, IOOpts opts) {
    return copyIn(addr, dst, 0, dst.byteSize(), opts);
  }

  /**
   * Sets bytes of the address space to zero.
   *
   * @param addr address of the first byte
   * @param byteCount the number of bytes, not negative
   * @return the number of bytes set
   * @throws LinuxException EFAULT if nothing could be set
   */
  long zeroOut(long addr, long byteCount, IOOpts opts);

  /**
   * Copies bytes of a part of a segment to the start of some ranges.
   *
   * @param byteCount the number of bytes, not negative; cut to those in the ranges
   * @return the number of bytes copied; short where a fault was met after some
   * @throws LinuxException EFAULT if nothing could be copied and there was something to copy
   */
  default long copyOut(
      AddrRangeSeq dst, MemorySegment src, long srcOffset, long byteCount, IOOpts opts) {
    return RangeCopies.copyOut(this, dst, src, srcOffset, byteCount, opts);
  }

  /**
   * Copies bytes that their owner may take away meanwhile to the start of some ranges, where they
   * are resident; see {@code Sink.copyOutWhile}.
   *
   * @param byteCount the number of bytes, not negative; cut to those in the ranges
   * @param generation of the bytes
   * @param seen the number of the generation that the bytes were found in
   * @return the number of bytes copied, perhaps 0
   */
  default long copyOutWhile(
      AddrRangeSeq dst,
      MemorySegment src,
      long srcOffset,
      long byteCount,
      IOOpts opts,
      Generation generation,
      long seen) {
    return 0;
  }

  /**
   * Copies the first bytes of some ranges into a part of a segment.
   *
   * @param byteCount the number of bytes, not negative; cut to those in the ranges
   * @return the number of bytes copied; short where a fault was met after some
   * @throws LinuxException EFAULT if nothing could be copied and there was something to copy
   */
  default long copyIn(
      AddrRangeSeq src, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts) {
    return RangeCopies.copyIn(this, src, dst, dstOffset, byteCount, opts);
  }

  /**
   * Sets the first bytes of some ranges to zero.
   *
   * @param byteCount the number of bytes, not negative; cut to those in the ranges
   * @return the number of bytes set; short where a fault was met after some
   * @throws LinuxException EFAULT if nothing could be set and there was something to set
   */
  default long zeroOut(AddrRangeSeq dst, long byteCount, IOOpts opts) {
    return RangeCopies.zeroOut(this, dst, byteCount, opts);
  }

  /**
   * Has a reader fill ranges of the address space, without a copy in between.
   *
   * <p>The ranges are checked and faulted in first. Then {@code src} is called once, with what lies
   * before the first fault; it is not called if that is nothing.
   *
   * <p>{@code src} must not wait for anything that needs a lock of this address space.
   *
   * @return what {@code src} has read; less than {@code dst.numBytes()} exactly when it read less
   *     or a fault was met
   * @throws LinuxException EFAULT if nothing is accessible and {@code dst} is not of 0 bytes;
   *     whatever {@code src} throws
   */
  long copyOutFrom(AddrRangeSeq dst, BlockReader src, IOOpts opts);

  /**
   * Hands ranges of the address space to a writer, without a copy in between.
   *
   * <p>{@code dst} is called once, with what lies before the first fault; it is not called if that
   * is nothing. The blocks are read-only.
   *
   * <p>{@code dst} must not wait for anything that needs a lock of this address space.
   *
   * @return what {@code dst} has written; less than {@code src.numBytes()} exactly when it wrote
   *     less or a fault was met
   * @throws LinuxException EFAULT if nothing is accessible and {@code src} is not of 0 bytes;
   *     whatever {@code dst} throws
   */
  long copyInTo(AddrRangeSeq src, BlockWriter dst, IOOpts opts);

  /**
   * Copies all bytes of a segment into the address space.
   *
   * @throws PartialCopyException EFAULT if only some could be copied; it says how many
   * @throws LinuxException EFAULT if nothing could be copied
   */
  default void copyOutFully(long addr, MemorySegment src, IOOpts opts) {
    RangeCopies.requireAll(copyOut(addr, src, opts), src.byteSize());
  }

  /**
   * Fills a segment from the address space.
   *
   * @throws PartialCopyException EFAULT if only some could be copied; it says how many
   * @throws LinuxException EFAULT if nothing could be copied
   */
  default void copyInFully(long addr, MemorySegment dst, IOOpts opts) {
    RangeCopies.requireAll(copyIn(addr, dst, opts), dst.byteSize());
  }

  /** Copies all bytes of an array; see {@link #copyOutFully(long, MemorySegment, IOOpts)}. */
  default void copyOutFully(long addr, byte[] src, IOOpts opts) {
    copyOutFully(addr, MemorySegment.ofArray(src), opts);
  }

  /** Fills an array; see {@link #copyInFully(long, MemorySegment, IOOpts)}. */
  default void copyInFully(long addr, byte[] dst, IOOpts opts) {
    copyInFully(addr, MemorySegment.ofArray(dst), opts);
  }

  /**
   * Copies a string that ends with a zero byte.
   *
   * <p>It reads page by page, so that what follows the string need not be there.
   *
   * @param addr address of its first byte
   * @param maxByteCount the most bytes it may have, the zero byte included
   * @return the string without the zero byte, one char a byte (ISO 8859-1): names of files are
   *     bytes
   * @throws LinuxException ENAMETOOLONG if there is no zero byte among the first {@code
   *     maxByteCount}, EFAULT if a fault was met before it
   */
  default String copyStringIn(long addr, int maxByteCount, IOOpts opts) {
    return CStrings.copyIn(this, addr, maxByteCount, opts);
  }

  /**
   * Reads a 32-bit word.
   *
   * @throws LinuxException EFAULT if it can't be read, EINVAL if it is not aligned
   */
  int loadInt(long addr, IOOpts opts);

  /**
   * Writes a 32-bit word.
   *
   * @throws LinuxException EFAULT if it can't be written, EINVAL if it is not aligned
   */
  void storeInt(long addr, int value, IOOpts opts);

  /**
   * Replaces a 32-bit word.
   *
   * @return what it was before
   * @throws LinuxException EFAULT if it can't be read and written, EINVAL if it is not aligned
   */
  int swapInt(long addr, int value, IOOpts opts);

  /**
   * Replaces a 32-bit word if it is what is expected.
   *
   * @return what it was before; it was replaced exactly if this equals {@code expected}
   * @throws LinuxException EFAULT if it can't be read and written, EINVAL if it is not aligned
   */
  int compareAndExchangeInt(long addr, int expected, int value, IOOpts opts);

  /**
   * Replaces a 32-bit word by the result of an operation on it.
   *
   * @return what it was before
   * @throws LinuxException EFAULT if it can't be read and written, EINVAL if it is not aligned
   */
  int fetchAndApplyInt(long addr, AtomicOp op, int operand, IOOpts opts);

  /**
   * Reads a 64-bit word.
   *
   * @throws LinuxException EFAULT if it can't be read, EINVAL if it is not aligned
   */
  long loadLong(long addr, IOOpts opts);

  /**
   * Writes a 64-bit word.
   *
   * @throws LinuxException EFAULT if it can't be written, EINVAL if it is not aligned
   */
  void storeLong(long addr, long value, IOOpts opts);

  /**
   * Replaces a 64-bit word.
   *
   * @return what it was before
   * @throws LinuxException EFAULT if it can't be read and written, EINVAL if it is not aligned
   */
  long swapLong(long addr, long value, IOOpts opts);

  /**
   * Replaces a 64-bit word if it is what is expected.
   *
   * @return what it was before; it was replaced exactly if this equals {@code expected}
   * @throws LinuxException EFAULT if it can't be read and written, EINVAL if it is not aligned
   */
  long compareAndExchangeLong(long addr, long expected, long value, IOOpts opts);

  /**
   * Replaces a 64-bit word by the result of an operation on it.
   *
   * @return what it was before
   * @throws LinuxException EFAULT if it can't be read and written, EINVAL if it is not aligned
   */
  long fetchAndApplyLong(long addr, AtomicOp op, long operand, IOOpts opts);
}
