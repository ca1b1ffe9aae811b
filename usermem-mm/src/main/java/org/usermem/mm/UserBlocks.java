package org.usermem.mm;

import java.lang.foreign.Arena;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriter;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.memmap.RangeReader;
import org.usermem.mm.epoch.Epochs;
import org.usermem.mm.epoch.Loan;
import org.usermem.mm.table.PageEntry;
import org.usermem.mm.table.PageTable;

/**
 * Lends pages of an address space to readers and writers of blocks, which may block. The pages are
 * kept by a {@link Loan}, their views by a confined arena that ends with the call.
 */
final class UserBlocks {

  /** Pages that are looked up inside one epoch at most. */
  private static final long LONGEST = 4096 * Addr.PAGE_SIZE;

  private final Space space;
  private final UserCopy copy;
  private final PageTable table;
  private final Epochs epochs;

  UserBlocks(Space space, UserCopy copy) {
    this.space = space;
    this.copy = copy;
    this.table = space.table;
    this.epochs = space.quarantine.epochs();
  }

  long copyOutFrom(AddrRangeSeq dst, BlockReader src, IOOpts opts) {
    if (dst.numBytes() == 0) {
      return 0;
    }
    Loan loan = space.quarantine.loans().open(true);
    try {
      long lent = lend(dst, loan, AccessType.WRITE, Access.neededToWrite(opts), opts);
      if (src instanceof RangeReader reader && reader.memoryFile() == space.file) {
        return requireMovable(reader.readToRanges(loan), lent);
      }
      try (Arena arena = Arena.ofConfined()) {
        BlockSeq blocks = blocks(arena, loan, false);
        return blocks.requireMovable(src.readToBlocks(blocks));
      }
    } finally {
      loan.close();
    }
  }

  private static long requireMovable(long moved, long lent) {
    if (moved < 0 || moved > lent) {
      throw new IllegalStateException("a reader of " + lent + " bytes says that it moved " + moved);
    }
    return moved;
  }

  long copyInTo(AddrRangeSeq src, BlockWriter dst, IOOpts opts) {
    if (src.numBytes() == 0) {
      return 0;
    }
    Loan loan = space.quarantine.loans().open(false);
    try {
      lend(src, loan, AccessType.READ, Access.neededToRead(opts), opts);
      try (Arena arena = Arena.ofConfined()) {
        BlockSeq blocks = blocks(arena, loan, true);
        return blocks.requireMovable(dst.writeFromBlocks(blocks));
      }
    } finally {
      loan.close();
    }
  }

  Pin pin(AddrRangeSeq ranges, AccessType access, IOOpts opts) {
    boolean write = access.canWrite();
    long needed = write ? Access.neededToWrite(opts) : Access.neededToRead(opts);
    Loan loan = space.quarantine.loans().open(write);
    boolean pinned = false;
    try {
      long lent = lend(ranges, loan, access, needed, opts);
      pinned = true;
      return new Pin(this, loan, lent, !write);
    } finally {
      if (!pinned) {
        loan.close();
      }
    }
  }

  BlockSeq blocks(Arena arena, Loan loan, boolean readOnly) {
    return space.file.loan(arena, loan.ranges(), readOnly);
  }

  /** Adds what lies before the first fault to a loan; returns how many bytes that is. */
  private long lend(AddrRangeSeq ranges, Loan loan, AccessType access, long needed, IOOpts opts) {
    for (int i = 0; i < ranges.rangeCount(); i++) {
      copy.requireUserRange(ranges.start(i), ranges.byteCount(i));
    }
    long lent = lendKnown(ranges, 0, loan, needed);
    if (lent < ranges.numBytes()) {
      lent = lendSlow(ranges, lent, loan, access, needed, opts);
    }
    if (lent == 0) {
      throw LinuxException.of(Errno.EFAULT);
    }
    return lent;
  }

  /**
   * Lends the bytes that the table knows, inside one epoch.
   *
   * @param skipped bytes at the start of the ranges that have been lent already
   * @return how many have been lent in all
   */
  private long lendKnown(AddrRangeSeq ranges, long skipped, Loan loan, long needed) {
    long left = skipped;
    long lent = skipped;
    long most = skipped + LONGEST;
    int slot = epochs.enter();
    try {
      for (int i = 0; i < ranges.rangeCount() && lent < most; i++) {
        long byteCount = ranges.byteCount(i);
        if (left >= byteCount) {
          left -= byteCount;
          continue;
        }
        long wanted = byteCount - left;
        long done = lendRun(ranges.start(i) + left, wanted, loan, needed);
        lent += done;
        left = 0;
        if (done < wanted) {
          break;
        }
      }
    } finally {
      epochs.exit(slot);
    }
    return lent;
  }

  private long lendSlow(
      AddrRangeSeq ranges,
      long lentBefore,
      Loan loan,
      AccessType access,
      long needed,
      IOOpts opts) {
    long lent = lentBefore;
    while (lent < ranges.numBytes()) {
      AddrRangeSeq rest = ranges.dropFirst(lent);
      int first = 0;
      while (rest.byteCount(first) == 0) {
        first++;
      }
      long wanted = Math.min(rest.byteCount(first), LONGEST);
      if (FaultIn.faultIn(space, rest.start(first), wanted, access, opts) == 0) {
        return lent;
      }
      long before = lent;
      try {
        lent = lendKnown(ranges, lent, loan, needed);
      } finally {
        space.locks.unlockPagesForReading();
      }
      if (lent == before) {
        throw new IllegalStateException(
            "0x%x was faulted in and can't be lent".formatted(rest.start(first)));
      }
    }
    return lent;
  }

  /** Lends bytes that lie together in the address space, inside the caller's epoch. */
  private long lendRun(long addr, long byteCount, Loan loan, long needed) {
    long done = 0;
    while (done < byteCount) {
      long at = addr + done;
      long entry = table.get(Addr.pageNumber(at));
      if (!PageEntry.allows(entry, needed)) {
        break;
      }
      long run = Math.min(byteCount - done, Addr.bytesToPageEnd(at));
      if (run < byteCount - done) {
        long endPage = Addr.pageNumber(addr + byteCount - 1) + 1;
        long pages = table.run(Addr.pageNumber(at), endPage, needed, entry);
        run = Math.min(byteCount - done, run + (pages - 1) * Addr.PAGE_SIZE);
      }
      long offset = PageEntry.offset(entry) + Addr.pageOffset(at);
      loan.add(offset, offset + run);
      done += run;
    }
    return done;
  }
}
