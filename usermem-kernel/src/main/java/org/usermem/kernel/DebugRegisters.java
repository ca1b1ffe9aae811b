package org.usermem.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.mm.MemoryManager;

/**
 * The debug registers of a task, with which a tracer has it stop at addresses and at writes. No
 * platform hands the processor's own ones out, so while one is enabled the task runs single
 * instructions, and after each of them what is watched is compared with what was there before. So a
 * write that changes nothing goes unseen, and reads can't be watched: ENOSPC, as where the
 * processor has no register left.
 *
 * <p>The tracer changes them while the task is stopped for it, under the lock of the task set; the
 * rest is for the task's own thread.
 *
 * <p>Source: arch/x86/kernel/ptrace.c and hw_breakpoint.c; Intel SDM volume 3, 17.2.
 */
final class DebugRegisters {

  /** Number of registers, DR4 and DR5 counted, which are none. */
  static final int COUNT = 8;

  private static final int ADDRESS_COUNT = 4;
  private static final int STATUS = 6;
  private static final int CONTROL = 7;

  /** Bits of DR6 that read as ones. */
  private static final long STATUS_ONES = 0xffff_0ff0L;

  /** What of DR6 means something: which register, and whether it was a single step. */
  private static final long STATUS_BITS = 0x400f;

  private static final long STATUS_STEP = 0x4000;
  private static final long ENABLED_BITS = 0xff;
  private static final long CONTROL_RESERVED = 0xffff_ffff_0000_fc00L;

  private static final int ON_EXECUTION = 0;
  private static final int ON_WRITE = 1;
  private static final int ON_ACCESS = 3;
  private static final int[] BYTE_COUNTS = {1, 2, 8, 4};

  private final long[] addresses = new long[ADDRESS_COUNT];
  private final long[] before = new long[ADDRESS_COUNT];
  private final long[] word = new long[1];
  private final MemorySegment wordBytes = MemorySegment.ofArray(word);
  private long status;
  private volatile long control;

  DebugRegisters() {}

  /** Returns whether any register is enabled. */
  boolean isActive() {
    return (control & ENABLED_BITS) != 0;
  }

  /** Disables them all, as execve(2) does. */
  void clear() {
    control = 0;
    status = 0;
  }

  /** Returns a register (PTRACE_PEEKUSER). */
  long get(int index) {
    if (index < ADDRESS_COUNT) {
      return addresses[index];
    }
    return switch (index) {
      case STATUS -> status | STATUS_ONES;
      case CONTROL -> control;
      default -> 0;
    };
  }

  /**
   * Sets a register (PTRACE_POKEUSER).
   *
   * @param addressEnd the end of the program's addresses
   * @throws LinuxException EIO for one that is none; EINVAL for a value that makes no sense; ENOSPC
   *     for what can't be watched
   */
  void set(int index, long value, long addressEnd) {
    if (index < ADDRESS_COUNT) {
      if (Long.compareUnsigned(value, addressEnd) >= 0) {
        throw LinuxException.of(Errno.EINVAL);
      }
      addresses[index] = value;
    } else if (index == STATUS) {
      status = value & STATUS_BITS;
    } else if (index == CONTROL) {
      for (int i = 0; i < ADDRESS_COUNT; i++) {
        check(i, value);
      }
      control = value & ~CONTROL_RESERVED;
    } else {
      throw LinuxException.of(Errno.EIO);
    }
  }

  private void check(int index, long newControl) {
    if (!isEnabled(index, newControl)) {
      return;
    }
    int byteCount = byteCount(index, newControl);
    boolean isSane =
        switch (kind(index, newControl)) {
          case ON_EXECUTION -> byteCount == 1;
          case ON_WRITE, ON_ACCESS -> addresses[index] % byteCount == 0;
          default -> false;
        };
    if (!isSane) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (kind(index, newControl) == ON_ACCESS) {
      throw LinuxException.of(Errno.ENOSPC);
    }
  }

  private static boolean isEnabled(int index, long control) {
    return ((control >>> (2 * index)) & 3) != 0;
  }

  private static int kind(int index, long control) {
    return (int) (control >>> (16 + 4 * index)) & 3;
  }

  private static int byteCount(int index, long control) {
    return BYTE_COUNTS[(int) (control >>> (18 + 4 * index)) & 3];
  }

  /** Notes what is watched, before the task runs an instruction. */
  void arm(MemoryManager memory) {
    long now = control;
    for (int i = 0; i < ADDRESS_COUNT; i++) {
      if (isEnabled(i, now) && kind(i, now) == ON_WRITE) {
        before[i] = read(memory, i, now);
      }
    }
  }

  /**
   * Looks what an instruction has done, and puts that into DR6.
   *
   * @param instruction the address of the next one
   * @param steps whether the task steps for its tracer as well
   * @return whether a register is about it
   */
  boolean check(MemoryManager memory, long instruction, boolean steps) {
    long now = control;
    int hits = 0;
    for (int i = 0; i < ADDRESS_COUNT; i++) {
      boolean isHit =
          isEnabled(i, now)
              && (kind(i, now) == ON_EXECUTION
                  ? addresses[i] == instruction
                  : read(memory, i, now) != before[i]);
      hits |= isHit ? 1 << i : 0;
    }
    status = hits | (steps ? STATUS_STEP : 0);
    return hits != 0;
  }

  /** Returns what is watched; memory that is not there is as if it held zeros. */
  private long read(MemoryManager memory, int index, long control) {
    int byteCount = byteCount(index, control);
    word[0] = 0;
    try {
      memory.copyIn(addresses[index], wordBytes, 0, byteCount, IOOpts.IGNORE_PERMISSIONS);
    } catch (LinuxException e) {
      return 0;
    }
    return wordBytes.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
  }
}
