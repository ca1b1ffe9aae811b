package org.usermem.kernel;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.io.IOOpts;
import org.usermem.io.IOSequences;
import org.usermem.mm.MemoryManager;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * Layer 1: a task's way to the memory of its own program. Every method runs on the task's own
 * thread, which an assertion checks, and under the program's own protections.
 *
 * <p>Source: {@code pkg/sentry/kernel/task_usermem.go} of gVisor.
 */
public abstract sealed class TaskMemory permits Task {

  final TaskParts parts;

  TaskMemory(TaskParts parts) {
    this.parts = parts;
  }

  /** Returns whether the calling thread is the task's. */
  public abstract boolean isOwnThread();

  /**
   * Copies bytes of the program into a segment.
   *
   * @param addr address of the first byte
   * @param dst filled from its start
   * @return the number of bytes copied, short at the first one that can't be read
   * @throws org.usermem.errno.LinuxException EFAULT if none could be copied
   */
  public long copyIn(long addr, MemorySegment dst) {
    return ownMemory().copyIn(addr, dst, 0, dst.byteSize(), IOOpts.DEFAULT);
  }

  /**
   * Copies the bytes of a segment into the program.
   *
   * @param addr address of the first byte
   * @param src what to copy
   * @return the number of bytes copied, short at the first one that can't be written
   * @throws org.usermem.errno.LinuxException EFAULT if none could be copied
   */
  public long copyOut(long addr, MemorySegment src) {
    return ownMemory().copyOut(addr, src, 0, src.byteSize(), IOOpts.DEFAULT);
  }

  /**
   * Fills a segment from the program, or fails.
   *
   * @throws org.usermem.errno.LinuxException EFAULT if anything is missing
   */
  public void copyInFully(long addr, MemorySegment dst) {
    ownMemory().copyInFully(addr, dst, IOOpts.DEFAULT);
  }

  /**
   * Copies a whole segment into the program, or fails.
   *
   * @throws org.usermem.errno.LinuxException EFAULT if anything is missing
   */
  public void copyOutFully(long addr, MemorySegment src) {
    ownMemory().copyOutFully(addr, src, IOOpts.DEFAULT);
  }

  /**
   * Copies a structure of the program into the task's scratch buffer.
   *
   * @param addr address of the structure
   * @param layout its layout
   * @return the structure, as {@link #scratch} gives it
   * @throws org.usermem.errno.LinuxException EFAULT if anything is missing
   */
  public MemorySegment copyInStruct(long addr, MemoryLayout layout) {
    MemorySegment struct = scratch(layout.byteSize());
    copyInFully(addr, struct);
    return struct;
  }

  /** Reads a 32-bit integer at any address; EFAULT as {@link #copyInFully}. */
  public int copyInInt(long addr) {
    return parts.scratch().copyInInt(ownMemory(), addr);
  }

  /** Reads a 64-bit integer at any address; EFAULT as {@link #copyInFully}. */
  public long copyInLong(long addr) {
    return parts.scratch().copyInLong(ownMemory(), addr);
  }

  /** Writes a 32-bit integer at any address; EFAULT as {@link #copyOutFully}. */
  public void copyOutInt(long addr, int value) {
    parts.scratch().copyOutInt(ownMemory(), addr, value);
  }

  /** Writes a 64-bit integer at any address; EFAULT as {@link #copyOutFully}. */
  public void copyOutLong(long addr, long value) {
    parts.scratch().copyOutLong(ownMemory(), addr, value);
  }

  /**
   * Copies a NUL-terminated string.
   *
   * @param addr address of its first byte
   * @param maximumByteCount how long it may be, its NUL included
   * @return the bytes before the NUL, one char a byte
   * @throws org.usermem.errno.LinuxException ENAMETOOLONG if there is no NUL within the limit;
   *     EFAULT
   */
  public String copyInString(long addr, int maximumByteCount) {
    return ownMemory().copyStringIn(addr, maximumByteCount, IOOpts.DEFAULT);
  }

  /**
   * Copies a vector of strings that ends with a null pointer, such as argv.
   *
   * @param addr address of the vector; 0 gives an empty one, as for execve(2)
   * @param maximumStringBytes how long a string may be, its NUL included
   * @param maximumTotalBytes how long all may be together, NULs and pointers included
   * @return the strings, bytes without their NULs
   * @throws org.usermem.errno.LinuxException E2BIG past a limit; EFAULT
   */
  public List<byte[]> copyInStringVector(long addr, int maximumStringBytes, int maximumTotalBytes) {
    return UserVectors.copyInStrings(ownMemory(), addr, maximumStringBytes, maximumTotalBytes);
  }

  /**
   * Copies an array of {@code struct iovec} by the rules of Linux's {@code import_iovec}: each
   * length is at most what a signed long holds, each range lies among the program's addresses, and
   * the total is cut to MAX_RW_COUNT.
   *
   * @param addr address of the array
   * @param count number of entries, as the program gave it
   * @return the ranges, empty ones kept
   * @throws org.usermem.errno.LinuxException EINVAL for more than IOV_MAX entries or a negative
   *     length; EFAULT for the array or a range outside the program's addresses
   */
  public AddrRangeSeq copyInIovecs(long addr, long count) {
    return UserVectors.copyInIovecs(ownMemory(), parts.scratch(), addr, count);
  }

  /**
   * Copies ranges to an array of {@code struct iovec}.
   *
   * @param addr address of the array
   * @param ranges what to write, one entry each
   * @throws org.usermem.errno.LinuxException EFAULT
   */
  public void copyOutIovecs(long addr, AddrRangeSeq ranges) {
    UserVectors.copyOutIovecs(ownMemory(), addr, ranges);
  }

  /**
   * Returns the source of one buffer of the program, for write(2): the length is cut to
   * MAX_RW_COUNT ({@code import_ubuf}).
   *
   * @param addr address of the buffer
   * @param byteCount its length
   * @throws org.usermem.errno.LinuxException EFAULT outside the program's addresses, which a length
   *     that is negative as a signed number always is
   */
  public Source singleSource(long addr, long byteCount) {
    MemoryManager memory = ownMemory();
    return IOSequences.source(
        memory, addr, UserVectors.bufferLength(memory, addr, byteCount), IOOpts.DEFAULT);
  }

  /** Returns the sink over one buffer of the program, for read(2); see {@link #singleSource}. */
  public Sink singleSink(long addr, long byteCount) {
    MemoryManager memory = ownMemory();
    return IOSequences.sink(
        memory, addr, UserVectors.bufferLength(memory, addr, byteCount), IOOpts.DEFAULT);
  }

  /** Returns the source of an array of buffers, for writev(2); see {@link #copyInIovecs}. */
  public Source iovecsSource(long addr, long count) {
    AddrRangeSeq ranges = copyInIovecs(addr, count);
    return IOSequences.source(ownMemory(), ranges, IOOpts.DEFAULT);
  }

  /** Returns the sink over an array of buffers, for readv(2); see {@link #copyInIovecs}. */
  public Sink iovecsSink(long addr, long count) {
    AddrRangeSeq ranges = copyInIovecs(addr, count);
    return IOSequences.sink(ownMemory(), ranges, IOOpts.DEFAULT);
  }

  /**
   * Returns a buffer of the task's own for structures on their way in or out; its content is what
   * the last user left.
   *
   * @param byteCount its length, at most {@link UserScratch#MAXIMUM_BYTE_COUNT}
   * @return a segment that is valid until the next call
   */
  public MemorySegment scratch(long byteCount) {
    assert isOwnThread() : wrongThread();
    return parts.scratch().take(byteCount);
  }

  private MemoryManager ownMemory() {
    assert isOwnThread() : wrongThread();
    return parts.requireMemory();
  }

  String wrongThread() {
    return this + " is used on " + Thread.currentThread() + ", which is not its own thread";
  }
}
