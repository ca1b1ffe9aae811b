package org.usermem.mm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriter;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.memmap.FileRange;
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
      try (Arena arena = Arena.ofConfined()) {
        BlockSeq blocks = blocks(arena, loan, false).takeFirst(lent);
        return blocks.requireMovable(src.readToBlocks(blocks));
      }
    } finally {
      loan.close();
    }
  }

  long copyInTo(AddrRangeSeq src, BlockWriter dst, IOOpts opts) {
    if (src.numBytes() == 0) {
      return 0;
    }
    Loan loan = space.quarantine.loans().open(false);
    try {
      long lent = lend(src, loan, AccessType.READ, Access.neededToRead(opts), opts);
      try (Arena arena = Arena.ofConfined()) {
        BlockSeq blocks = blocks(arena, loan, true).takeFirst(lent);
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
    int count = loan.rangeCount();
    if (count == 1) {
      return block(arena, loan, 0, readOnly);
    }
    List<MemorySegment> segments = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      segments.addAll(block(arena, loan, i, readOnly).blocks());
    }
    return BlockSeq.of(segments);
  }

  private BlockSeq block(Arena arena, Loan loan, int index, boolean readOnly) {
    FileRange range = new FileRange(loan.rangeStart(index), loan.rangeEnd(index));
    BlockSeq blocks = space.file.loan(arena, range);
    return readOnly ? BlockSeq.of(blocks.head().asReadOnly()) : blocks;
  }

  /** Adds what lies before the first fault to a loan; returns how many bytes that is. */
  private long lend(AddrRangeSeq ranges, Loan loan, AccessType access, long needed, IOOpts opts) {
    for (int i = 0; i < ranges.rangeCount(); i++) {
      copy.requireUserRange(ranges.start(i), ranges.byteCount(i));
    }
    long lent = 0;
    for (int i = 0; i < ranges.rangeCount(); i++) {
      long byteCount = ranges.byteCount(i);
      long done = lendRange(ranges.start(i), byteCount, loan, access, needed, opts);
      lent += done;
      if (done < byteCount) {
        break;
      }
    }
    if (lent == 0) {
      throw LinuxException.of(Errno.EFAULT);
    }
    return lent;
  }

  private long lendRange(
      long addr, long byteCount, Loan loan, AccessType access, long needed, IOOpts opts) {
    long done = 0;
    while (done < byteCount) {
      long wanted = Math.min(byteCount - done, LONGEST);
      long lent = lendRun(addr + done, wanted, loan, needed);
      if (lent == 0) {
        long ready = FaultIn.faultIn(space, addr + done, wanted, access, opts);
        if (ready == 0) {
          return done;
        }
        try {
          lent = lendRun(addr + done, ready, loan, needed);
        } finally {
          space.locks.unlockPagesForReading();
        }
        if (lent == 0) {
          throw new IllegalStateException(
              "0x%x was faulted in and can't be lent".formatted(addr + done));
        }
      }
      done += lent;
    }
    return done;
  }

  private long lendRun(long addr, long byteCount, Loan loan, long needed) {
    int slot = epochs.enter();
    try {
      long done = 0;
      while (done < byteCount) {
        long entry = table.get(Addr.pageNumber(addr + done));
        if (!PageEntry.allows(entry, needed)) {
          break;
        }
        long run = Math.min(byteCount - done, Addr.bytesToPageEnd(addr + done));
        long offset = PageEntry.offset(entry) + Addr.pageOffset(addr + done);
        loan.add(offset, offset + run);
        done += run;
      }
      return done;
    } finally {
      epochs.exit(slot);
    }
  }
}
