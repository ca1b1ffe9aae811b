package org.usermem.linux.trace;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Task;
import org.usermem.kernel.Tracee;
import org.usermem.platform.Registers;

/**
 * The register sets of a tracee ({@code struct user_regset}), as PTRACE_GETREGSET names them by the
 * note of a core dump that holds the same.
 */
enum RegisterSets {
  /** {@code struct user_regs_struct}: NT_PRSTATUS. */
  GENERAL(1) {
    @Override
    MemorySegment read(Tracee tracee) {
      Registers registers = new Registers();
      tracee.copyRegisters(registers);
      MemorySegment area = MemorySegment.ofArray(new long[Registers.WORD_COUNT]);
      registers.writeTo(area);
      return area;
    }

    @Override
    void write(Tracee tracee, MemorySegment source) {
      for (int i = 0; i < source.byteSize() / Long.BYTES; i++) {
        tracee.setRegister(i, source.get(JAVA_LONG_UNALIGNED, (long) i * Long.BYTES));
      }
    }
  },

  /** {@code struct user_fpregs_struct}, an area of FXSAVE: NT_PRFPREG. */
  FLOATING_POINT(2) {
    @Override
    MemorySegment read(Tracee tracee) {
      MemorySegment area = EXTENDED.read(tracee).asSlice(0, LEGACY_BYTE_COUNT);
      area.asSlice(SOFTWARE_AT).fill((byte) 0);
      return area;
    }

    @Override
    void write(Tracee tracee, MemorySegment source) {
      if (source.byteSize() != LEGACY_BYTE_COUNT) {
        throw LinuxException.of(Errno.EINVAL);
      }
      tracee.withContext(
          context -> {
            MemorySegment area = MemorySegment.ofArray(new byte[context.floatingPointByteCount()]);
            context.saveFloatingPoint(area);
            MemorySegment.copy(source, 0, area, 0, SOFTWARE_AT);
            long components = area.get(JAVA_LONG_UNALIGNED, HEADER_AT);
            area.set(JAVA_LONG_UNALIGNED, HEADER_AT, components | LEGACY_COMPONENTS);
            context.loadFloatingPoint(area);
          });
    }
  },

  /** An area of XSAVE in the standard format: NT_X86_XSTATE. */
  EXTENDED(0x202) {
    @Override
    MemorySegment read(Tracee tracee) {
      MemorySegment[] area = new MemorySegment[1];
      tracee.withContext(
          context -> {
            area[0] = MemorySegment.ofArray(new byte[context.floatingPointByteCount()]);
            context.saveFloatingPoint(area[0]);
          });
      return area[0];
    }

    @Override
    void write(Tracee tracee, MemorySegment source) {
      tracee.withContext(
          context -> {
            if (source.byteSize() != context.floatingPointByteCount()) {
              throw LinuxException.of(Errno.EFAULT);
            }
            context.loadFloatingPoint(source);
          });
    }
  };

  private static final int LEGACY_BYTE_COUNT = 512;
  private static final int SOFTWARE_AT = 464;
  private static final int HEADER_AT = 512;
  private static final long LEGACY_COMPONENTS = 3;
  private static final int IO_PERMISSIONS = 0x201;
  private static final int IOVEC_LENGTH_AT = 8;

  private final int note;

  RegisterSets(int note) {
    this.note = note;
  }

  /** Returns the whole set. */
  abstract MemorySegment read(Tracee tracee);

  /**
   * Changes a set.
   *
   * @param source its first bytes, a multiple of eight
   */
  abstract void write(Tracee tracee, MemorySegment source);

  /** PTRACE_GETREGS and PTRACE_GETFPREGS. */
  static void get(Task task, Tracee tracee, RegisterSets set, long address) {
    task.copyOutFully(address, set.read(tracee));
  }

  /** PTRACE_SETREGS and PTRACE_SETFPREGS. */
  static void set(Task task, Tracee tracee, RegisterSets set, long address) {
    int byteCount = set == GENERAL ? Registers.BYTE_COUNT : LEGACY_BYTE_COUNT;
    MemorySegment source = MemorySegment.ofArray(new byte[byteCount]);
    task.copyInFully(address, source);
    set.write(tracee, source);
  }

  /** PTRACE_GETREGSET: as much of the set as the vector has room for, and how much that was. */
  static void getSet(Task task, Tracee tracee, long note, long vector) {
    long base = task.copyInLong(vector);
    long room = task.copyInLong(vector + IOVEC_LENGTH_AT);
    MemorySegment area = ofNote(note, room).read(tracee);
    long byteCount = Long.compareUnsigned(room, area.byteSize()) < 0 ? room : area.byteSize();
    task.copyOutFully(base, area.asSlice(0, byteCount));
    task.copyOutLong(vector + IOVEC_LENGTH_AT, byteCount);
  }

  /** PTRACE_SETREGSET. */
  static void setSet(Task task, Tracee tracee, long note, long vector) {
    long base = task.copyInLong(vector);
    long given = task.copyInLong(vector + IOVEC_LENGTH_AT);
    RegisterSets set = ofNote(note, given);
    long whole = set.read(tracee).byteSize();
    long byteCount = Long.compareUnsigned(given, whole) < 0 ? given : whole;
    MemorySegment source = MemorySegment.ofArray(new byte[(int) byteCount]);
    task.copyInFully(base, source);
    set.write(tracee, source);
    task.copyOutLong(vector + IOVEC_LENGTH_AT, byteCount);
  }

  private static RegisterSets ofNote(long note, long byteCount) {
    for (RegisterSets set : values()) {
      if (set.note == (int) note) {
        if (byteCount % Long.BYTES != 0) {
          throw LinuxException.of(Errno.EINVAL);
        }
        return set;
      }
    }
    // No program has a bitmap of ports here.
    throw LinuxException.of((int) note == IO_PERMISSIONS ? Errno.ENXIO : Errno.EINVAL);
  }
}
