package org.usermem.mm;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRange;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockWriter;
import org.usermem.io.AtomicOp;
import org.usermem.io.IO;
import org.usermem.io.IOOpts;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.MappingSpace;
import org.usermem.platform.AddressSpace;
import org.usermem.platform.Platform;
import org.usermem.platform.memory.HostMemoryFile;

/**
 * The address space of a program: what is mapped where, which pages back it, and access to them for
 * the sentry. The main {@link IO}.
 *
 * <p>It has users, which are the tasks that run in it; when the last goes, everything is unmapped.
 * Copies of pages that are resident take no lock and allocate nothing. Errors are those of the
 * Linux calls, as {@link org.usermem.errno.LinuxException}.
 *
 * <p>Thread-safe. No method may be called while a lock is held that comes after the locks of file
 * systems in the order of {@code SpaceLocks}, {@link #invalidate} apart.
 */
public final class MemoryManager implements IO, MappingSpace {

  private final Space space;
  private final UserCopy copy;
  private final UserWords words;
  private final UserBlocks blocks;

  private MemoryManager(Space space) {
    this.space = space;
    this.copy = new UserCopy(space);
    this.words = new UserWords(space);
    this.blocks = new UserBlocks(space, copy);
  }

  /**
   * Makes an address space in which nothing is mapped, with one user.
   *
   * @param file where its pages are
   * @param platform what makes the guest's side of it when {@link #addressSpace} asks
   * @param layout where mappings may be
   */
  public static MemoryManager create(
      HostMemoryFile file, Platform platform, AddressSpaceLayout layout) {
    return new MemoryManager(new Space(file, platform, layout, new AtomicLong()));
  }

  /** Returns where mappings may be. */
  public AddressSpaceLayout layout() {
    return space.layout;
  }

  /**
   * Says which limits hold. The supplier is asked at each call that can meet one, on the calling
   * thread and under locks, so it must be quick and take none. A child inherits it.
   */
  public void useLimits(Supplier<MemoryLimits> limits) {
    space.limits = limits;
  }

  /**
   * Adds a user.
   *
   * @return false if the last has gone already; then nothing has changed
   */
  public boolean incUsers() {
    return Lifetime.incUsers(space);
  }

  /** Removes a user; with the last one everything is unmapped and the guest's side is closed. */
  public void decUsers() {
    Lifetime.decUsers(space);
  }

  /**
   * Copies the address space as fork(2) does.
   *
   * @return the copy, with one user
   * @throws org.usermem.errno.LinuxException ENOMEM, or what a mappable refuses with
   */
  public MemoryManager fork() {
    return new MemoryManager(Forking.fork(space));
  }

  /**
   * Returns the guest's side, and makes it if there is none yet.
   *
   * @throws IllegalStateException if the last user has gone
   * @throws org.usermem.errno.LinuxException if the host has no room for one
   */
  public AddressSpace addressSpace() {
    return Lifetime.addressSpace(space);
  }

  /**
   * Handles a page fault of the guest.
   *
   * @param addr the address that was accessed, any number
   * @param access how: one of READ, WRITE and EXECUTE
   * @param stackPointer the stack pointer at the time; unused, as in Linux since 4.20
   */
  public FaultOutcome handleFault(long addr, AccessType access, long stackPointer) {
    return PageFault.handle(space, addr, access);
  }

  /**
   * Maps as mmap(2) does.
   *
   * @return the address
   * @throws org.usermem.errno.LinuxException EINVAL, ENOMEM, EPERM, EEXIST, EAGAIN or EOVERFLOW as
   *     in mmap(2), or what the mappable refuses with
   */
  public long mmap(MapOptions options) {
    return Mmap.map(space, options);
  }

  /**
   * Unmaps a range as munmap(2) does.
   *
   * @throws org.usermem.errno.LinuxException EINVAL or ENOMEM
   */
  public void munmap(long addr, long byteCount) {
    Munmap.unmap(space, addr, byteCount);
  }

  /**
   * Changes what may be done as mprotect(2) does. Areas before the one that fails are changed.
   *
   * @param growsDown PROT_GROWSDOWN
   * @throws org.usermem.errno.LinuxException EINVAL, ENOMEM or EACCES
   */
  public void mprotect(long addr, long byteCount, AccessType access, boolean growsDown) {
    Mprotect.protect(space, addr, byteCount, access, growsDown);
  }

  /** Sets where the heap begins and makes it empty; the loader does that. */
  public void setBrkStart(long addr) {
    Brk.setStart(space, addr);
  }

  /**
   * Moves the end of the heap as brk(2) does.
   *
   * @return the end of the heap, which is the old one where it can't be moved
   */
  public long brk(long addr) {
    return Brk.set(space, addr);
  }

  @Override
  public void invalidate(AddrRange range, boolean invalidatePrivate) {
    space.invalidate(range, invalidatePrivate);
  }

  @Override
  public long copyOut(long addr, MemorySegment src, long srcOffset, long byteCount, IOOpts opts) {
    Objects.checkFromIndexSize(srcOffset, byteCount, src.byteSize());
    return copy.copyOut(addr, src, srcOffset, byteCount, opts);
  }

  @Override
  public long copyIn(long addr, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts) {
    Objects.checkFromIndexSize(dstOffset, byteCount, dst.byteSize());
    return copy.copyIn(addr, dst, dstOffset, byteCount, opts);
  }

  @Override
  public long zeroOut(long addr, long byteCount, IOOpts opts) {
    Objects.checkFromIndexSize(0, byteCount, Long.MAX_VALUE);
    return copy.zeroOut(addr, byteCount, opts);
  }

  @Override
  public long copyOutFrom(AddrRangeSeq dst, BlockReader src, IOOpts opts) {
    return blocks.copyOutFrom(dst, src, opts);
  }

  @Override
  public long copyInTo(AddrRangeSeq src, BlockWriter dst, IOOpts opts) {
    return blocks.copyInTo(src, dst, opts);
  }

  @Override
  public int loadInt(long addr, IOOpts opts) {
    return words.load(addr, opts);
  }

  @Override
  public void storeInt(long addr, int value, IOOpts opts) {
    words.updateInt(UserWords.STORE, addr, value, 0, opts);
  }

  @Override
  public int swapInt(long addr, int value, IOOpts opts) {
    return words.updateInt(UserWords.SWAP, addr, value, 0, opts);
  }

  @Override
  public int compareAndExchangeInt(long addr, int expected, int value, IOOpts opts) {
    return words.updateInt(UserWords.COMPARE_AND_EXCHANGE, addr, value, expected, opts);
  }

  @Override
  public int fetchAndApplyInt(long addr, AtomicOp op, int operand, IOOpts opts) {
    return words.updateInt(UserWords.operation(op), addr, operand, 0, opts);
  }

  @Override
  public long loadLong(long addr, IOOpts opts) {
    return words.loadLong(addr, opts);
  }

  @Override
  public void storeLong(long addr, long value, IOOpts opts) {
    words.updateLong(UserWords.STORE, addr, value, 0, opts);
  }

  @Override
  public long swapLong(long addr, long value, IOOpts opts) {
    return words.updateLong(UserWords.SWAP, addr, value, 0, opts);
  }

  @Override
  public long compareAndExchangeLong(long addr, long expected, long value, IOOpts opts) {
    return words.updateLong(UserWords.COMPARE_AND_EXCHANGE, addr, value, expected, opts);
  }

  @Override
  public long fetchAndApplyLong(long addr, AtomicOp op, long operand, IOOpts opts) {
    return words.updateLong(UserWords.operation(op), addr, operand, 0, opts);
  }

  Space space() {
    return space;
  }
}
