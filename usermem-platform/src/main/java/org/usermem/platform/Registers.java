package org.usermem.platform;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The general registers of a guest thread: {@code struct user_regs_struct} of x86-64 Linux, 27
 * words in its order.
 *
 * <p>Thread safety: none; the values belong to whoever owns the object.
 */
public final class Registers {

  /** The position of r15 among the words. */
  public static final int R15 = 0;

  /** The position of r14 among the words. */
  public static final int R14 = 1;

  /** The position of r13 among the words. */
  public static final int R13 = 2;

  /** The position of r12 among the words. */
  public static final int R12 = 3;

  /** The position of rbp among the words. */
  public static final int RBP = 4;

  /** The position of rbx among the words. */
  public static final int RBX = 5;

  /** The position of r11 among the words. */
  public static final int R11 = 6;

  /** The position of r10 among the words. */
  public static final int R10 = 7;

  /** The position of r9 among the words. */
  public static final int R9 = 8;

  /** The position of r8 among the words. */
  public static final int R8 = 9;

  /** The position of rax among the words. */
  public static final int RAX = 10;

  /** The position of rcx among the words. */
  public static final int RCX = 11;

  /** The position of rdx among the words. */
  public static final int RDX = 12;

  /** The position of rsi among the words. */
  public static final int RSI = 13;

  /** The position of rdi among the words. */
  public static final int RDI = 14;

  /** The position of orig_rax among the words. */
  public static final int ORIG_RAX = 15;

  /** The position of rip among the words. */
  public static final int RIP = 16;

  /** The position of cs among the words. */
  public static final int CS = 17;

  /** The position of eflags among the words. */
  public static final int EFLAGS = 18;

  /** The position of rsp among the words. */
  public static final int RSP = 19;

  /** The position of ss among the words. */
  public static final int SS = 20;

  /** The position of fs_base among the words. */
  public static final int FS_BASE = 21;

  /** The position of gs_base among the words. */
  public static final int GS_BASE = 22;

  /** The position of ds among the words. */
  public static final int DS = 23;

  /** The position of es among the words. */
  public static final int ES = 24;

  /** The position of fs among the words. */
  public static final int FS = 25;

  /** The position of gs among the words. */
  public static final int GS = 26;

  /** Number of words. */
  public static final int WORD_COUNT = 27;

  /** Number of bytes of the struct. */
  public static final int BYTE_COUNT = WORD_COUNT * Long.BYTES;

  private static final long USER_CODE_SELECTOR = 0x33;
  private static final long USER_DATA_SELECTOR = 0x2b;
  private static final long INITIAL_EFLAGS = 0x202;

  private final long[] words = new long[WORD_COUNT];

  /** Makes registers of zeros, with the selectors and flags of a new program. */
  public Registers() {
    reset();
  }

  /** Makes registers equal to others. */
  public Registers(Registers other) {
    copyFrom(other);
  }

  /** Sets every register as execve(2) does: zeros, and the selectors and flags of a new program. */
  public void reset() {
    Arrays.fill(words, 0);
    words[CS] = USER_CODE_SELECTOR;
    words[SS] = USER_DATA_SELECTOR;
    words[EFLAGS] = INITIAL_EFLAGS;
    words[ORIG_RAX] = -1;
  }

  /** Takes over the values of others. */
  public void copyFrom(Registers other) {
    System.arraycopy(other.words, 0, words, 0, WORD_COUNT);
  }

  /**
   * Returns a word by its position.
   *
   * @param index one of the positions above, below {@link #WORD_COUNT}
   */
  public long get(int index) {
    return words[index];
  }

  /**
   * Sets a word by its position.
   *
   * @param index one of the positions above, below {@link #WORD_COUNT}
   * @param value the new value
   */
  public void set(int index, long value) {
    words[index] = value;
  }

  /** Copies the struct from the first {@link #BYTE_COUNT} bytes of a segment. */
  public void readFrom(MemorySegment source) {
    MemorySegment.copy(source, ValueLayout.JAVA_LONG_UNALIGNED, 0, words, 0, WORD_COUNT);
  }

  /** Copies the struct into the first {@link #BYTE_COUNT} bytes of a segment. */
  public void writeTo(MemorySegment target) {
    MemorySegment.copy(words, 0, target, ValueLayout.JAVA_LONG_UNALIGNED, 0, WORD_COUNT);
  }

  /**
   * Returns an argument of the system call that the guest made.
   *
   * @param index from 0 to 5: rdi, rsi, rdx, r10, r8, r9
   */
  public long argument(int index) {
    return switch (index) {
      case 0 -> words[RDI];
      case 1 -> words[RSI];
      case 2 -> words[RDX];
      case 3 -> words[R10];
      case 4 -> words[R8];
      case 5 -> words[R9];
      default -> throw new IndexOutOfBoundsException("a system call has no argument " + index);
    };
  }

  /** Returns rax: where a system call's result goes. */
  public long rax() {
    return words[RAX];
  }

  /** Sets rax. */
  public void setRax(long value) {
    words[RAX] = value;
  }

  /** Returns the number of the system call after {@link StopReason#SYSCALL}, otherwise -1. */
  public long origRax() {
    return words[ORIG_RAX];
  }

  /** Sets orig_rax. */
  public void setOrigRax(long value) {
    words[ORIG_RAX] = value;
  }

  /** Returns the address of the next instruction. */
  public long rip() {
    return words[RIP];
  }

  /** Sets the address of the next instruction. */
  public void setRip(long value) {
    words[RIP] = value;
  }

  /** Returns the stack pointer. */
  public long rsp() {
    return words[RSP];
  }

  /** Sets the stack pointer. */
  public void setRsp(long value) {
    words[RSP] = value;
  }

  /** Returns the flags. */
  public long eflags() {
    return words[EFLAGS];
  }

  /** Sets the flags. */
  public void setEflags(long value) {
    words[EFLAGS] = value;
  }

  /** Returns rdi. */
  public long rdi() {
    return words[RDI];
  }

  /** Sets rdi. */
  public void setRdi(long value) {
    words[RDI] = value;
  }

  /** Returns rsi. */
  public long rsi() {
    return words[RSI];
  }

  /** Sets rsi. */
  public void setRsi(long value) {
    words[RSI] = value;
  }

  /** Returns rdx. */
  public long rdx() {
    return words[RDX];
  }

  /** Sets rdx. */
  public void setRdx(long value) {
    words[RDX] = value;
  }

  /** Returns the base of the FS segment, which holds thread-local storage. */
  public long fsBase() {
    return words[FS_BASE];
  }

  /** Sets the base of the FS segment. */
  public void setFsBase(long value) {
    words[FS_BASE] = value;
  }

  /** Returns the base of the GS segment. */
  public long gsBase() {
    return words[GS_BASE];
  }

  /** Sets the base of the GS segment. */
  public void setGsBase(long value) {
    words[GS_BASE] = value;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Registers other && Arrays.equals(words, other.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return String.format(
        "rip=%#x rsp=%#x rax=%#x orig_rax=%d rdi=%#x rsi=%#x rdx=%#x eflags=%#x fs_base=%#x",
        rip(), rsp(), rax(), origRax(), rdi(), rsi(), rdx(), eflags(), fsBase());
  }
}
