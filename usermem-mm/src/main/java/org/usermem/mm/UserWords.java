package org.usermem.mm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.AtomicOp;
import org.usermem.io.IOOpts;
import org.usermem.mm.epoch.Epochs;
import org.usermem.mm.table.PageEntry;
import org.usermem.mm.table.PageTable;

/**
 * Atomic accesses of aligned words of an address space. A word never crosses a page. An access that
 * may write first sees to it that the page can be written, even where it then writes nothing, as
 * the processor does.
 */
final class UserWords {

  private static final VarHandle INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final VarHandle LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  static final int LOAD = 0;
  static final int STORE = 1;
  static final int SWAP = 2;
  static final int COMPARE_AND_EXCHANGE = 3;
  static final int ADD = 4;
  static final int AND = 5;
  static final int OR = 6;
  static final int XOR = 7;

  private final Space space;
  private final MemorySegment base;
  private final PageTable table;
  private final Epochs epochs;
  private final long end;

  UserWords(Space space) {
    this.space = space;
    this.base = space.file.base();
    this.table = space.table;
    this.epochs = space.quarantine.epochs();
    this.end = space.layout.maxAddress();
  }

  int load(long addr, IOOpts opts) {
    return applyInt(LOAD, addr, 0, 0, Access.neededToRead(opts), opts);
  }

  int updateInt(int operation, long addr, int value, int expected, IOOpts opts) {
    return applyInt(operation, addr, value, expected, Access.neededToUpdate(opts), opts);
  }

  private int applyInt(
      int operation, long addr, int value, int expected, long needed, IOOpts opts) {
    check(addr, Integer.BYTES);
    int slot = epochs.enter();
    try {
      long entry = table.get(Addr.pageNumber(addr));
      if (PageEntry.allows(entry, needed)) {
        return intAt(operation, PageEntry.offset(entry) + Addr.pageOffset(addr), value, expected);
      }
    } finally {
      epochs.exit(slot);
    }
    return applyIntSlow(operation, addr, value, expected, needed, opts);
  }

  private int applyIntSlow(
      int operation, long addr, int value, int expected, long needed, IOOpts opts) {
    faultIn(addr, operation, opts);
    try {
      return intAt(operation, offsetLocked(addr, needed), value, expected);
    } finally {
      space.locks.unlockPagesForReading();
    }
  }

  private int intAt(int operation, long offset, int value, int expected) {
    return switch (operation) {
      case LOAD -> (int) INT.getVolatile(base, offset);
      case STORE -> {
        INT.setVolatile(base, offset, value);
        yield 0;
      }
      case SWAP -> (int) INT.getAndSet(base, offset, value);
      case COMPARE_AND_EXCHANGE -> (int) INT.compareAndExchange(base, offset, expected, value);
      case ADD -> (int) INT.getAndAdd(base, offset, value);
      case AND -> (int) INT.getAndBitwiseAnd(base, offset, value);
      case OR -> (int) INT.getAndBitwiseOr(base, offset, value);
      case XOR -> (int) INT.getAndBitwiseXor(base, offset, value);
      default -> throw new IllegalArgumentException("no operation " + operation);
    };
  }

  long loadLong(long addr, IOOpts opts) {
    return applyLong(LOAD, addr, 0, 0, Access.neededToRead(opts), opts);
  }

  long updateLong(int operation, long addr, long value, long expected, IOOpts opts) {
    return applyLong(operation, addr, value, expected, Access.neededToUpdate(opts), opts);
  }

  private long applyLong(
      int operation, long addr, long value, long expected, long needed, IOOpts opts) {
    check(addr, Long.BYTES);
    int slot = epochs.enter();
    try {
      long entry = table.get(Addr.pageNumber(addr));
      if (PageEntry.allows(entry, needed)) {
        return longAt(operation, PageEntry.offset(entry) + Addr.pageOffset(addr), value, expected);
      }
    } finally {
      epochs.exit(slot);
    }
    return applyLongSlow(operation, addr, value, expected, needed, opts);
  }

  private long applyLongSlow(
      int operation, long addr, long value, long expected, long needed, IOOpts opts) {
    faultIn(addr, operation, opts);
    try {
      return longAt(operation, offsetLocked(addr, needed), value, expected);
    } finally {
      space.locks.unlockPagesForReading();
    }
  }

  private long longAt(int operation, long offset, long value, long expected) {
    return switch (operation) {
      case LOAD -> (long) LONG.getVolatile(base, offset);
      case STORE -> {
        LONG.setVolatile(base, offset, value);
        yield 0L;
      }
      case SWAP -> (long) LONG.getAndSet(base, offset, value);
      case COMPARE_AND_EXCHANGE -> (long) LONG.compareAndExchange(base, offset, expected, value);
      case ADD -> (long) LONG.getAndAdd(base, offset, value);
      case AND -> (long) LONG.getAndBitwiseAnd(base, offset, value);
      case OR -> (long) LONG.getAndBitwiseOr(base, offset, value);
      case XOR -> (long) LONG.getAndBitwiseXor(base, offset, value);
      default -> throw new IllegalArgumentException("no operation " + operation);
    };
  }

  static int operation(AtomicOp op) {
    return switch (op) {
      case ADD -> ADD;
      case AND -> AND;
      case OR -> OR;
      case XOR -> XOR;
    };
  }

  private void check(long addr, int byteCount) {
    if ((addr & (byteCount - 1)) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (!Addr.lessThan(addr, end)) {
      throw LinuxException.of(Errno.EFAULT);
    }
  }

  /** Makes a page known; the caller holds the read lock of the pages afterwards. */
  private void faultIn(long addr, int operation, IOOpts opts) {
    AccessType access = operation == LOAD ? AccessType.READ : AccessType.READ_WRITE;
    if (FaultIn.faultIn(space, addr, 1, access, opts) == 0) {
      throw LinuxException.of(Errno.EFAULT);
    }
  }

  private long offsetLocked(long addr, long needed) {
    long entry = table.get(Addr.pageNumber(addr));
    if (!PageEntry.allows(entry, needed)) {
      throw new IllegalStateException(
          "0x%x was faulted in and its entry is 0x%x".formatted(addr, entry));
    }
    return PageEntry.offset(entry) + Addr.pageOffset(addr);
  }
}
