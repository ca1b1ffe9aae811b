package org.usermem.mm;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRange;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockWriter;
import org.usermem.io.AtomicOp;
import org.usermem.io.IO;
import org.usermem.io.IOOpts;
import org.usermem.memmap.Generation;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.MappingSpace;
import org.usermem.mm.aio.AioContext;
import org.usermem.mm.epoch.Epochs;
import org.usermem.mm.event.CopyCounter;
import org.usermem.mm.event.FaultSampler;
import org.usermem.mm.event.MappingChange;
import org.usermem.mm.numa.NumaPolicy;
import org.usermem.mm.shm.ShmSegment;
import org.usermem.mm.view.MemoryTotals;
import org.usermem.mm.view.VmaView;
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
  private final UserStrings strings;
  private final CopyCounter copiesIn;
  private final CopyCounter copiesOut;
  private final FaultSampler faults = new FaultSampler();

  private MemoryManager(Space space) {
    this.space = space;
    Epochs epochs = space.quarantine.epochs();
    this.copiesIn = new CopyCounter(epochs, true);
    this.copiesOut = new CopyCounter(epochs, false);
    this.copy = new UserCopy(space, copiesIn, copiesOut);
    this.words = new UserWords(space);
    this.blocks = new UserBlocks(space, copy);
    this.strings = new UserStrings(space);
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

  static MemoryManager of(Space space) {
    return new MemoryManager(space);
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
    if (Lifetime.decUsers(space)) {
      copy.end();
    }
    if (space.users.get() == 0) {
      copiesIn.flush();
      copiesOut.flush();
    }
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
   * Says that a thread of the guest is about to run, and can map for itself. In a copy that fork(2)
   * made, what the copies before faulted in first is brought in the first time.
   */
  public void guestBegins() {
    space.forks.guestBegins();
  }

  /**
   * Handles a page fault of the guest.
   *
   * @param addr the address that was accessed, any number
   * @param access how: one of READ, WRITE and EXECUTE
   * @param stackPointer the stack pointer at the time; unused, as in Linux since 4.20
   */
  public FaultOutcome handleFault(long addr, AccessType access, long stackPointer) {
    FaultOutcome outcome = PageFault.handle(space, addr, access);
    faults.happened(addr, access, outcome);
    return outcome;
  }

  /**
   * Maps as mmap(2) does.
   *
   * @return the address
   * @throws org.usermem.errno.LinuxException EINVAL, ENOMEM, EPERM, EEXIST, EAGAIN or EOVERFLOW as
   *     in mmap(2), or what the mappable refuses with
   */
  public long mmap(MapOptions options) {
    long addr = Mmap.map(space, options);
    MappingChange.happened("mmap", addr, options.byteCount());
    return addr;
  }

  /**
   * Unmaps a range as munmap(2) does.
   *
   * @throws org.usermem.errno.LinuxException EINVAL or ENOMEM
   */
  public void munmap(long addr, long byteCount) {
    Munmap.unmap(space, addr, byteCount);
    MappingChange.happened("munmap", addr, byteCount);
  }

  /**
   * Changes what may be done as mprotect(2) does. Areas before the one that fails are changed.
   *
   * @param growsDown PROT_GROWSDOWN
   * @throws org.usermem.errno.LinuxException EINVAL, ENOMEM or EACCES
   */
  public void mprotect(long addr, long byteCount, AccessType access, boolean growsDown) {
    Mprotect.protect(space, addr, byteCount, access, growsDown);
    MappingChange.happened("mprotect", addr, byteCount);
  }

  /**
   * Resizes or moves a mapping as mremap(2) does.
   *
   * @return the address of the mapping afterwards
   * @throws org.usermem.errno.LinuxException EINVAL, EFAULT, ENOMEM or EAGAIN
   */
  public long mremap(long addr, long oldByteCount, long newByteCount, RemapOptions options) {
    long moved = Mremap.remap(space, addr, oldByteCount, newByteCount, options);
    MappingChange.happened("mremap", moved, newByteCount);
    return moved;
  }

  /**
   * Follows an advice as madvise(2) does; the number of the advice is the caller's to decode.
   *
   * @throws org.usermem.errno.LinuxException EINVAL, ENOMEM, EAGAIN, EFAULT, EACCES or EOPNOTSUPP
   */
  public void madvise(long addr, long byteCount, Advice advice) {
    Madvise.advise(space, addr, byteCount, advice);
    MappingChange.happened("madvise", addr, byteCount);
  }

  /**
   * Writes shared mappings back as msync(2) does.
   *
   * @param sync MS_SYNC; without it nothing is written
   * @param invalidate MS_INVALIDATE
   * @throws org.usermem.errno.LinuxException EINVAL, ENOMEM, EBUSY or what a file reports
   */
  public void msync(long addr, long byteCount, boolean sync, boolean invalidate) {
    Msync.sync(space, addr, byteCount, sync, invalidate);
  }

  /**
   * Says which pages are resident, as mincore(2) does.
   *
   * @param residency one byte a page, to be filled; 1 where the page is resident
   * @throws org.usermem.errno.LinuxException EINVAL or ENOMEM
   */
  public void mincore(long addr, byte[] residency) {
    Mincore.query(space, addr, residency);
  }

  /**
   * Locks pages as mlock2(2) does, or with {@link LockMode#NONE} unlocks them as munlock(2) does.
   *
   * @throws org.usermem.errno.LinuxException ENOMEM, EPERM, EINVAL or EAGAIN
   */
  public void mlock(long addr, long byteCount, LockMode mode) {
    Mlock.lock(space, addr, byteCount, mode);
  }

  /**
   * Locks everything as mlockall(2) does.
   *
   * @param current MCL_CURRENT
   * @param future MCL_FUTURE
   * @param mode EAGER, or LAZY with MCL_ONFAULT
   * @throws org.usermem.errno.LinuxException ENOMEM or EPERM
   */
  public void mlockAll(boolean current, boolean future, LockMode mode) {
    Mlock.lockAll(space, current, future, mode);
  }

  /** Unlocks everything as munlockall(2) does. */
  public void munlockAll() {
    Mlock.lockAll(space, true, false, LockMode.NONE);
  }

  /**
   * Names anonymous memory as prctl(2) with PR_SET_VMA_ANON_NAME does.
   *
   * @param name one char a byte, at most 79; null for no name
   * @throws org.usermem.errno.LinuxException EINVAL, ENOMEM or EBADF
   */
  public void setName(long addr, long byteCount, @Nullable String name) {
    AreaMetadata.setName(space, addr, byteCount, name);
  }

  /**
   * Keeps a memory policy for a range as mbind(2) does.
   *
   * @throws org.usermem.errno.LinuxException EINVAL, EFAULT or ENOMEM
   */
  public void setNumaPolicy(long addr, long byteCount, NumaPolicy policy) {
    AreaMetadata.setNumaPolicy(space, addr, byteCount, policy);
  }

  /**
   * Returns the memory policy of the area at an address, as get_mempolicy(2) with MPOL_F_ADDR does.
   *
   * @throws org.usermem.errno.LinuxException EFAULT if nothing is mapped there
   */
  public NumaPolicy numaPolicyAt(long addr) {
    return AreaMetadata.numaPolicyAt(space, addr);
  }

  /**
   * Returns what a futex word is known by. The word of a key that others may share is faulted in.
   *
   * @param isPrivate FUTEX_PRIVATE_FLAG
   * @throws org.usermem.errno.LinuxException EINVAL if it is not aligned, EFAULT if it can't be
   *     read
   */
  public FutexKey futexKey(long addr, boolean isPrivate) {
    FutexKey key = FutexKey.of(space, addr, isPrivate);
    if (!isPrivate) {
      words.load(addr, IOOpts.DEFAULT);
    }
    return key;
  }

  /** Notes registrations of membarrier(2): the bits of its MEMBARRIER_CMD_REGISTER_ commands. */
  public void registerMembarrier(int commands) {
    space.membarrier.accumulateAndGet(commands, (old, more) -> old | more);
  }

  /** Returns the bits that {@link #registerMembarrier} has noted. A child has none. */
  public int membarrierRegistrations() {
    return space.membarrier.get();
  }

  /**
   * Attaches a System V segment as shmat(2) does, without its check of permissions.
   *
   * @param addr where, already rounded down if SHM_RND asks for that; 0 for anywhere
   * @param access what the program may do; without write it can't get that later
   * @param replace SHM_REMAP
   * @return the address
   * @throws org.usermem.errno.LinuxException EINVAL or ENOMEM
   */
  public long attach(ShmSegment segment, long addr, AccessType access, boolean replace) {
    return ShmAttachment.attach(space, segment, addr, access, replace);
  }

  /**
   * Detaches the segment that was attached at an address, as shmdt(2) does.
   *
   * @throws org.usermem.errno.LinuxException EINVAL if there is none
   */
  public void detach(long addr) {
    ShmAttachment.detach(space, addr);
  }

  /**
   * Makes a context of asynchronous I/O and maps its ring, as io_setup(2) does.
   *
   * @param capacity requests at one time
   * @throws org.usermem.errno.LinuxException EINVAL, EAGAIN or ENOMEM
   */
  public AioContext aioSetUp(int capacity) {
    return space.aio.setUp(capacity);
  }

  /** Returns a context of asynchronous I/O by its number, which is the address of its ring. */
  public Optional<AioContext> aioContext(long id) {
    return Optional.ofNullable(space.aio.find(id));
  }

  /**
   * Destroys a context of asynchronous I/O and unmaps its ring. io_destroy(2) then waits until none
   * of its requests is under way.
   *
   * @throws org.usermem.errno.LinuxException EINVAL if there is none
   */
  public AioContext aioDestroy(long id) {
    return space.aio.destroy(id);
  }

  /**
   * Pins the bytes before the first fault, for I/O that outlives a call.
   *
   * @param access READ, or WRITE to have them written
   * @throws org.usermem.errno.LinuxException EFAULT if there are none
   */
  public Pin pin(AddrRangeSeq ranges, AccessType access, IOOpts opts) {
    return blocks.pin(ranges, access, opts);
  }

  /** Says where the parts of the program are. A child inherits it. */
  public void setImage(ProgramImage image) {
    space.image = image;
  }

  /** Returns where the parts of the program are. */
  public ProgramImage image() {
    return space.image;
  }

  /**
   * Returns the areas in the order of their addresses.
   *
   * @param withResidency whether to count the pages that are there, which takes time
   */
  public List<VmaView> areas(boolean withResidency) {
    return Views.areas(space, withResidency);
  }

  /** Returns the area that an address is in. */
  public Optional<VmaView> areaAt(long addr) {
    return Views.areaAt(space, addr);
  }

  /** Returns the sizes that /proc/PID/statm and status show. */
  public MemoryTotals totals() {
    return Views.totals(space);
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
    long end = Brk.set(space, addr);
    MappingChange.happened("brk", end, 0);
    return end;
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
  public long copyOut(
      AddrRangeSeq dst, MemorySegment src, long srcOffset, long byteCount, IOOpts opts) {
    Objects.checkFromIndexSize(srcOffset, byteCount, src.byteSize());
    return copy.copyOut(dst, src, srcOffset, byteCount, opts);
  }

  @Override
  public long copyOutWhile(
      AddrRangeSeq dst,
      MemorySegment src,
      long srcOffset,
      long byteCount,
      IOOpts opts,
      Generation generation,
      long seen) {
    Objects.checkFromIndexSize(srcOffset, byteCount, src.byteSize());
    return copy.copyOutWhile(dst, src, srcOffset, byteCount, opts, generation, seen);
  }

  @Override
  public long copyIn(
      AddrRangeSeq src, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts) {
    Objects.checkFromIndexSize(dstOffset, byteCount, dst.byteSize());
    return copy.copyIn(src, dst, dstOffset, byteCount, opts);
  }

  @Override
  public long zeroOut(long addr, long byteCount, IOOpts opts) {
    Objects.checkFromIndexSize(0, byteCount, Long.MAX_VALUE);
    return copy.zeroOut(addr, byteCount, opts);
  }

  @Override
  public long copyOutFrom(AddrRangeSeq dst, BlockReader src, IOOpts opts) {
    return copiesOut.count(dst, blocks.copyOutFrom(dst, src, opts));
  }

  @Override
  public long copyInTo(AddrRangeSeq src, BlockWriter dst, IOOpts opts) {
    return copiesIn.count(src, blocks.copyInTo(src, dst, opts));
  }

  @Override
  public String copyStringIn(long addr, int maxByteCount, IOOpts opts) {
    String string = strings.copyIn(addr, maxByteCount, opts);
    if (string == null) {
      return IO.super.copyStringIn(addr, maxByteCount, opts);
    }
    copiesIn.count(addr, string.length());
    return string;
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
