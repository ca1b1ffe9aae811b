package org.usermem.mm;

import java.lang.foreign.MemorySegment;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.mm.epoch.Epochs;
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

  private final Space space;
  private final MemorySegment base;
  private final PageTable table;
  private final Epochs epochs;
  private final long end;

  UserCopy(Space space) {
    this.space = space;
    this.base = space.file.base();
    this.table = space.table;
    this.epochs = space.quarantine.epochs();
    this.end = space.layout.maxAddress();
  }

  /** Linux's access_ok: the whole range must be addresses that a program can have. */
  void requireUserRange(long addr, long byteCount) {
    if (!Addr.atMost(addr, end) || byteCount > end - addr) {
      throw LinuxException.of(Errno.EFAULT);
    }
  }

  long copyIn(long addr, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts) {
    requireUserRange(addr, byteCount);
    long needed = Access.neededToRead(opts);
    if (byteCount <= Addr.bytesToPageEnd(addr)) {
      int slot = epochs.enter();
      try {
        long entry = table.get(Addr.pageNumber(addr));
        if (PageEntry.allows(entry, needed)) {
          long offset = PageEntry.offset(entry) + Addr.pageOffset(addr);
          MemorySegment.copy(base, offset, dst, dstOffset, byteCount);
          return byteCount;
        }
      } finally {
        epochs.exit(slot);
      }
    }
    return copyInSlow(addr, dst, dstOffset, byteCount, opts);
  }

  private long copyInSlow(
      long addr, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts) {
    long needed = Access.neededToRead(opts);
    long done = 0;
    while (done < byteCount) {
      long wanted = Math.min(byteCount - done, LONGEST);
      long copied = copyInRun(addr + done, dst, dstOffset + done, wanted, needed);
      if (copied == 0) {
        long ready = FaultIn.faultIn(space, addr + done, wanted, AccessType.READ, opts);
        if (ready == 0) {
          return doneOrFault(done);
        }
        try {
          copied = copyInRun(addr + done, dst, dstOffset + done, ready, needed);
        } finally {
          space.locks.unlockPagesForReading();
        }
        requireProgress(copied, addr + done);
      }
      done += copied;
    }
    return done;
  }

  private long copyInRun(
      long addr, MemorySegment dst, long dstOffset, long byteCount, long needed) {
    int slot = epochs.enter();
    try {
      long done = 0;
      while (done < byteCount) {
        long entry = table.get(Addr.pageNumber(addr + done));
        if (!PageEntry.allows(entry, needed)) {
          break;
        }
        long run = runAt(addr + done, entry, byteCount - done, needed);
        long offset = PageEntry.offset(entry) + Addr.pageOffset(addr + done);
        MemorySegment.copy(base, offset, dst, dstOffset + done, run);
        done += run;
      }
      return done;
    } finally {
      epochs.exit(slot);
    }
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

  long copyOut(long addr, MemorySegment src, long srcOffset, long byteCount, IOOpts opts) {
    requireUserRange(addr, byteCount);
    long needed = Access.neededToWrite(opts);
    if (byteCount <= Addr.bytesToPageEnd(addr)) {
      int slot = epochs.enter();
      try {
        long entry = table.get(Addr.pageNumber(addr));
        if (PageEntry.allows(entry, needed)) {
          long offset = PageEntry.offset(entry) + Addr.pageOffset(addr);
          MemorySegment.copy(src, srcOffset, base, offset, byteCount);
          return byteCount;
        }
      } finally {
        epochs.exit(slot);
      }
    }
    return copyOutSlow(addr, src, srcOffset, byteCount, opts);
  }

  private long copyOutSlow(
      long addr, MemorySegment src, long srcOffset, long byteCount, IOOpts opts) {
    long needed = Access.neededToWrite(opts);
    long done = 0;
    while (done < byteCount) {
      long wanted = Math.min(byteCount - done, LONGEST);
      long copied = copyOutRun(addr + done, src, srcOffset + done, wanted, needed);
      if (copied == 0) {
        long ready = FaultIn.faultIn(space, addr + done, wanted, AccessType.WRITE, opts);
        if (ready == 0) {
          return doneOrFault(done);
        }
        try {
          copied = copyOutRun(addr + done, src, srcOffset + done, ready, needed);
        } finally {
          space.locks.unlockPagesForReading();
        }
        requireProgress(copied, addr + done);
      }
      done += copied;
    }
    return done;
  }

  private long copyOutRun(
      long addr, MemorySegment src, long srcOffset, long byteCount, long needed) {
    int slot = epochs.enter();
    try {
      long done = 0;
      while (done < byteCount) {
        long entry = table.get(Addr.pageNumber(addr + done));
        if (!PageEntry.allows(entry, needed)) {
          break;
        }
        long run = runAt(addr + done, entry, byteCount - done, needed);
        long offset = PageEntry.offset(entry) + Addr.pageOffset(addr + done);
        MemorySegment.copy(src, srcOffset + done, base, offset, run);
        done += run;
      }
      return done;
    } finally {
      epochs.exit(slot);
    }
  }

  long zeroOut(long addr, long byteCount, IOOpts opts) {
    requireUserRange(addr, byteCount);
    long needed = Access.neededToWrite(opts);
    long done = 0;
    while (done < byteCount) {
      long wanted = Math.min(byteCount - done, LONGEST);
      long zeroed = zeroOutRun(addr + done, wanted, needed);
      if (zeroed == 0) {
        long ready = FaultIn.faultIn(space, addr + done, wanted, AccessType.WRITE, opts);
        if (ready == 0) {
          return doneOrFault(done);
        }
        try {
          zeroed = zeroOutRun(addr + done, ready, needed);
        } finally {
          space.locks.unlockPagesForReading();
        }
        requireProgress(zeroed, addr + done);
      }
      done += zeroed;
    }
    return done;
  }

  private long zeroOutRun(long addr, long byteCount, long needed) {
    int slot = epochs.enter();
    try {
      long done = 0;
      while (done < byteCount) {
        long entry = table.get(Addr.pageNumber(addr + done));
        if (!PageEntry.allows(entry, needed)) {
          break;
        }
        long run = runAt(addr + done, entry, byteCount - done, needed);
        long offset = PageEntry.offset(entry) + Addr.pageOffset(addr + done);
        base.asSlice(offset, run).fill((byte) 0);
        done += run;
      }
      return done;
    } finally {
      epochs.exit(slot);
    }
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
