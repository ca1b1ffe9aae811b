package org.usermem.mm;

import java.lang.foreign.MemorySegment;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.memmap.Generation;
import org.usermem.mm.epoch.Epochs;
import org.usermem.mm.event.CopyCounter;
import org.usermem.mm.table.PageEntry;
import org.usermem.mm.table.PageTable;

/**
 * Copies between an address space and segments of the sentry.
 *
 * <p>The fast path is a look-up in the table and a copy, inside one epoch, without locks. Where the
 * table knows too little, {@link FaultIn} asks the truth, and the copy goes on under the lock of
 * the pages, so that each round makes progress whatever other threads do.
 */
final class UserCopy {

  /** Bytes that one epoch lasts for at most: whoever waits for it waits some ten microseconds. */
  private static final long LONGEST = 1L << 20;

  private enum Direction {
    IN,
    OUT,
    ZERO
  }

  private final Space space;
  private final MemorySegment base;
  private final PageTable table;
  private final Epochs epochs;
  private final CopyCounter copiesIn;
  private final CopyCounter copiesOut;
  private final long end;

  /** Whether owners of bytes that are copied by generations wait for the copies made here. */
  private volatile boolean awaited;

  UserCopy(Space space, CopyCounter copiesIn, CopyCounter copiesOut) {
    this.space = space;
    this.base = space.file.base();
    this.table = space.table;
    this.epochs = space.quarantine.epochs();
    this.copiesIn = copiesIn;
    this.copiesOut = copiesOut;
    this.end = space.layout.maxAddress();
  }

  /** Linux's access_ok: the whole range must be addresses that a program can have. */
  void requireUserRange(long addr, long byteCount) {
    if (!isUserRange(addr, byteCount)) {
      throw LinuxException.of(Errno.EFAULT);
    }
  }

  private boolean isUserRange(long addr, long byteCount) {
    return Addr.atMost(addr, end) && byteCount <= end - addr;
  }

  long copyIn(long addr, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts) {
    requireUserRange(addr, byteCount);
    long needed = Access.neededToRead(opts);
    if (byteCount <= Addr.bytesToPageEnd(addr)) {
      boolean known = false;
      boolean due = false;
      int slot = epochs.enter();
      try {
        long entry = table.get(Addr.pageNumber(addr));
        if (PageEntry.allows(entry, needed)) {
          long offset = PageEntry.offset(entry) + Addr.pageOffset(addr);
          MemorySegment.copy(base, offset, dst, dstOffset, byteCount);
          due = CopyCounter.countIn(epochs, slot, byteCount);
          known = true;
        }
      } finally {
        epochs.exit(slot);
      }
      if (due) {
        copiesIn.tell(addr);
      }
      if (known) {
        return byteCount;
      }
    }
    return copiesIn.count(addr, moveSlow(Direction.IN, addr, dst, dstOffset, byteCount, opts));
  }

  long copyOut(long addr, MemorySegment src, long srcOffset, long byteCount, IOOpts opts) {
    requireUserRange(addr, byteCount);
    long needed = Access.neededToWrite(opts);
    if (byteCount <= Addr.bytesToPageEnd(addr)) {
      boolean known = false;
      boolean due = false;
      int slot = epochs.enter();
      try {
        long entry = table.get(Addr.pageNumber(addr));
        if (PageEntry.allows(entry, needed)) {
          long offset = PageEntry.offset(entry) + Addr.pageOffset(addr);
          MemorySegment.copy(src, srcOffset, base, offset, byteCount);
          due = CopyCounter.countOut(epochs, slot, byteCount);
          known = true;
        }
      } finally {
        epochs.exit(slot);
      }
      if (due) {
        copiesOut.tell(addr);
      }
      if (known) {
        return byteCount;
      }
    }
    return copiesOut.count(addr, moveSlow(Direction.OUT, addr, src, srcOffset, byteCount, opts));
  }

  long zeroOut(long addr, long byteCount, IOOpts opts) {
    requireUserRange(addr, byteCount);
    return copiesOut.count(
        addr, moveSlow(Direction.ZERO, addr, MemorySegment.NULL, 0, byteCount, opts));
  }

  /** Moves bytes of any number of pages, which may have to be faulted in. */
  private long moveSlow(
      Direction direction,
      long addr,
      MemorySegment segment,
      long offset,
      long byteCount,
      IOOpts opts) {
    long needed = needed(direction, opts);
    AccessType access = direction == Direction.IN ? AccessType.READ : AccessType.WRITE;
    long done = 0;
    while (done < byteCount) {
      long wanted = Math.min(byteCount - done, LONGEST);
      long moved = moveKnown(direction, addr + done, segment, offset + done, wanted, needed);
      if (moved == 0) {
        long ready = FaultIn.faultIn(space, addr + done, wanted, access, opts);
        if (ready == 0) {
          return doneOrFault(done);
        }
        try {
          moved = moveKnown(direction, addr + done, segment, offset + done, ready, needed);
        } finally {
          space.locks.unlockPagesForReading();
        }
        requireProgress(moved, addr + done);
      }
      done += moved;
    }
    return done;
  }

  /** Copies over ranges as {@code IO} does, those of resident pages inside one epoch. */
  long copyIn(AddrRangeSeq src, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts) {
    return copiesIn.count(src, moveRanges(Direction.IN, src, dst, dstOffset, byteCount, opts));
  }

  long copyOut(AddrRangeSeq dst, MemorySegment src, long srcOffset, long byteCount, IOOpts opts) {
    return copiesOut.count(dst, moveRanges(Direction.OUT, dst, src, srcOffset, byteCount, opts));
  }

  /**
   * Copies over ranges what the table knows, unless the bytes have been taken away.
   *
   * <p>Reader: R1, the epoch is entered; R2, the generation is read. Owner of the bytes: W1, the
   * generation ends; W2 and W3, the fence and the look of {@link Epochs#await}. So either the copy
   * sees that the generation has ended, or the owner waits for it, as with an entry of the table.
   */
  long copyOutWhile(
      AddrRangeSeq dst,
      MemorySegment src,
      long srcOffset,
      long byteCount,
      IOOpts opts,
      Generation generation,
      long seen) {
    if (!awaited) {
      beAwaited();
    }
    long total = Math.min(byteCount, dst.numBytes());
    long needed = Access.neededToWrite(opts);
    long moved = 0;
    boolean due = false;
    int slot = epochs.enter();
    try {
      if (generation.isCurrent(seen)) {
        moved = moveRangesInEpoch(Direction.OUT, dst, src, srcOffset, total, needed);
        due = moved > 0 && CopyCounter.countOut(epochs, slot, moved);
      }
    } finally {
      epochs.exit(slot);
    }
    if (due) {
      copiesOut.tell(dst.start(0));
    }
    return moved;
  }

  private void beAwaited() {
    space.file.addBarrier(epochs);
    awaited = true;
  }

  /** Has nobody wait for the copies of an address space that is empty and stays so. */
  void end() {
    awaited = true;
    // Those that found a page before it became empty.
    epochs.await();
    space.file.removeBarrier(epochs);
  }

  private long moveRanges(
      Direction direction,
      AddrRangeSeq ranges,
      MemorySegment segment,
      long offset,
      long byteCount,
      IOOpts opts) {
    long total = Math.min(byteCount, ranges.numBytes());
    long done = moveKnown(direction, ranges, segment, offset, total, needed(direction, opts));
    return done == total
        ? total
        : moveRangesSlow(direction, ranges, segment, offset, done, total, opts);
  }

  private long moveRangesSlow(
      Direction direction,
      AddrRangeSeq ranges,
      MemorySegment segment,
      long offset,
      long before,
      long total,
      IOOpts opts) {
    AddrRangeSeq rest = ranges.dropFirst(before);
    long done = before;
    try {
      for (int i = 0; done < total; i++) {
        long wanted = Math.min(total - done, rest.byteCount(i));
        if (wanted == 0) {
          continue;
        }
        requireUserRange(rest.start(i), wanted);
        long moved = moveSlow(direction, rest.start(i), segment, offset + done, wanted, opts);
        done += moved;
        if (moved < wanted) {
          break;
        }
      }
      return done;
    } catch (LinuxException e) {
      if (done == 0) {
        throw e;
      }
      return done;
    }
  }

  private long moveKnown(
      Direction direction,
      AddrRangeSeq ranges,
      MemorySegment segment,
      long offset,
      long byteCount,
      long needed) {
    int slot = epochs.enter();
    try {
      return moveRangesInEpoch(direction, ranges, segment, offset, byteCount, needed);
    } finally {
      epochs.exit(slot);
    }
  }

  private long moveRangesInEpoch(
      Direction direction,
      AddrRangeSeq ranges,
      MemorySegment segment,
      long offset,
      long byteCount,
      long needed) {
    long total = Math.min(byteCount, LONGEST);
    long done = 0;
    for (int i = 0; done < total; i++) {
      long wanted = Math.min(total - done, ranges.byteCount(i));
      long addr = ranges.start(i);
      if (!isUserRange(addr, wanted)) {
        break;
      }
      long moved = moveInEpoch(direction, addr, segment, offset + done, wanted, needed);
      done += moved;
      if (moved < wanted) {
        break;
      }
    }
    return done;
  }

  /** Moves the bytes up to the first page that the table does not know, inside one epoch. */
  private long moveKnown(
      Direction direction,
      long addr,
      MemorySegment segment,
      long offset,
      long byteCount,
      long needed) {
    int slot = epochs.enter();
    try {
      return moveInEpoch(direction, addr, segment, offset, byteCount, needed);
    } finally {
      epochs.exit(slot);
    }
  }

  private long moveInEpoch(
      Direction direction,
      long addr,
      MemorySegment segment,
      long offset,
      long byteCount,
      long needed) {
    long done = 0;
    while (done < byteCount) {
      long entry = table.get(Addr.pageNumber(addr + done));
      if (!PageEntry.allows(entry, needed)) {
        break;
      }
      long run = runAt(addr + done, entry, byteCount - done, needed);
      long at = PageEntry.offset(entry) + Addr.pageOffset(addr + done);
      switch (direction) {
        case IN -> MemorySegment.copy(base, at, segment, offset + done, run);
        case OUT -> MemorySegment.copy(segment, offset + done, base, at, run);
        case ZERO -> base.asSlice(at, run).fill((byte) 0);
      }
      done += run;
    }
    return done;
  }

  /** Returns how many bytes from an address on lie together in the memory file. */
  private long runAt(long addr, long entry, long byteCount, long needed) {
    long inPage = Addr.bytesToPageEnd(addr);
    if (byteCount <= inPage) {
      return byteCount;
    }
    long page = Addr.pageNumber(addr);
    long pages = table.run(page, Addr.pageNumber(addr + byteCount - 1) + 1, needed, entry);
    return Math.min(byteCount, inPage + (pages - 1) * Addr.PAGE_SIZE);
  }

  private static long needed(Direction direction, IOOpts opts) {
    return direction == Direction.IN ? Access.neededToRead(opts) : Access.neededToWrite(opts);
  }

  private static void requireProgress(long moved, long addr) {
    if (moved == 0) {
      throw new IllegalStateException("0x%x was faulted in and can't be copied".formatted(addr));
    }
  }

  private static long doneOrFault(long done) {
    if (done == 0) {
      throw LinuxException.of(Errno.EFAULT);
    }
    return done;
  }
}
