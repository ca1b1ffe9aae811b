package org.usermem.linux.exec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The auxiliary vector under construction (getauxval(3)): pairs of a tag and a value, in the order
 * of addition.
 */
public final class AuxiliaryVector {
  /** Address of the program headers. */
  public static final int PHDR = 3;

  /** Size of one program header. */
  public static final int PHENT = 4;

  /** Number of program headers. */
  public static final int PHNUM = 5;

  /** Page size. */
  public static final int PAGESZ = 6;

  /** Base address of the interpreter. */
  public static final int BASE = 7;

  /** Flags, zero. */
  public static final int FLAGS = 8;

  /** Entry point of the program. */
  public static final int ENTRY = 9;

  /** Real user. */
  public static final int UID = 11;

  /** Effective user. */
  public static final int EUID = 12;

  /** Real group. */
  public static final int GID = 13;

  /** Effective group. */
  public static final int EGID = 14;

  /** Address of the name of the platform. */
  public static final int PLATFORM = 15;

  /** Capabilities of the processor: CPUID.1:EDX. */
  public static final int HWCAP = 16;

  /** Clock ticks a second in times(2). */
  public static final int CLKTCK = 17;

  /** Whether the program gained rights by being executed. */
  public static final int SECURE = 23;

  /** Address of sixteen random bytes. */
  public static final int RANDOM = 25;

  /** More capabilities: bit 1 says that the program may use FSGSBASE. */
  public static final int HWCAP2 = 26;

  /** Address of the path by which the program was executed. */
  public static final int EXECFN = 31;

  /** Address of the vdso. */
  public static final int SYSINFO_EHDR = 33;

  /** Bytes that a signal frame needs at most. */
  public static final int MINSIGSTKSZ = 51;

  private long[] words = new long[48];
  private int length;

  /**
   * Adds an entry.
   *
   * @return this
   */
  public AuxiliaryVector add(int tag, long value) {
    if (length == words.length) {
      words = Arrays.copyOf(words, 2 * words.length);
    }
    words[length++] = tag;
    words[length++] = value;
    return this;
  }

  /** Number of bytes, with the entry of zeros that ends the vector. */
  int byteCount() {
    return (length + 2) * Long.BYTES;
  }

  void writeTo(MemorySegment destination, long at) {
    MemorySegment.copy(words, 0, destination, ValueLayout.JAVA_LONG_UNALIGNED, at, length);
    destination.set(ValueLayout.JAVA_LONG_UNALIGNED, at + (long) length * Long.BYTES, 0);
    destination.set(ValueLayout.JAVA_LONG_UNALIGNED, at + (length + 1L) * Long.BYTES, 0);
  }
}
