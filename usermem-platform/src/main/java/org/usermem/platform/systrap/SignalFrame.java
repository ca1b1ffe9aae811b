package org.usermem.platform.systrap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.usermem.platform.Registers;

/**
 * The frame that the kernel has put on a guest thread's alternate stack: {@code struct rt_sigframe}
 * of x86-64 from its {@code ucontext} on.
 *
 * <p>The guest can write to it at any time, so each value is read once.
 *
 * <p>Source: {@code arch/x86/include/asm/sigframe.h}, {@code uapi/asm/sigcontext.h}.
 */
final class SignalFrame {

  /** Number of bytes from the ucontext to the end of the siginfo. */
  static final long BYTE_COUNT = 304 + 128;

  /** Number of words of the sigcontext that are copied. */
  private static final int WORD_COUNT = 23;

  private static final int SELECTORS = 18;
  private static final int ERROR = 19;
  private static final int TRAP = 20;
  private static final int CR2 = 22;

  /** The words of the sigcontext, by the position in {@link Registers} that they go to. */
  private static final int[] REGISTER_OF_WORD = {
    Registers.R8,
    Registers.R9,
    Registers.R10,
    Registers.R11,
    Registers.R12,
    Registers.R13,
    Registers.R14,
    Registers.R15,
    Registers.RDI,
    Registers.RSI,
    Registers.RBP,
    Registers.RBX,
    Registers.RDX,
    Registers.RAX,
    Registers.RCX,
    Registers.RSP,
    Registers.RIP,
    Registers.EFLAGS
  };

  private static final long SIGCONTEXT = 40;
  private static final long EXTENDED_STATE_POINTER = SIGCONTEXT + 23 * 8;
  private static final long SIGNAL_MASK = 296;
  private static final long SIGINFO = 304;
  private static final long SIGINFO_CODE = SIGINFO + 8;
  private static final long SIGINFO_ADDRESS = SIGINFO + 16;
  private static final long SIGINFO_ARCHITECTURE = SIGINFO + 28;
  private static final long SELECTOR = 0xffff;

  private final MemorySegment frame;
  private final long[] words = new long[WORD_COUNT];

  SignalFrame(MemorySegment frame) {
    this.frame = frame;
  }

  /** Copies the registers out; FS and GS are not in the frame. */
  void read(Registers target) {
    MemorySegment.copy(frame, ValueLayout.JAVA_LONG_UNALIGNED, SIGCONTEXT, words, 0, WORD_COUNT);
    for (int word = 0; word < REGISTER_OF_WORD.length; word++) {
      target.set(REGISTER_OF_WORD[word], words[word]);
    }
    target.set(Registers.CS, words[SELECTORS] & SELECTOR);
    target.set(Registers.SS, words[SELECTORS] >>> 48);
    target.set(Registers.DS, 0);
    target.set(Registers.ES, 0);
    target.set(Registers.FS, 0);
    target.set(Registers.GS, 0);
    target.setOrigRax(-1);
  }

  /** Copies registers in, which user code may have. */
  void write(Registers source) {
    for (int word = 0; word < REGISTER_OF_WORD.length; word++) {
      words[word] = source.get(REGISTER_OF_WORD[word]);
    }
    words[SELECTORS] = source.get(Registers.CS) | source.get(Registers.SS) << 48;
    MemorySegment.copy(words, 0, frame, ValueLayout.JAVA_LONG_UNALIGNED, SIGCONTEXT, SELECTORS + 1);
  }

  /** Sets the signals that are blocked when the guest goes on. */
  void setSignalMask(long mask) {
    frame.set(ValueLayout.JAVA_LONG_UNALIGNED, SIGNAL_MASK, mask);
  }

  /** Returns the number of the processor's exception, as {@link #read} found it. */
  long trapNumber() {
    return words[TRAP];
  }

  /** Returns the error code of the exception, as {@link #read} found it. */
  long errorCode() {
    return words[ERROR];
  }

  /** Returns the address of a page fault, as {@link #read} found it. */
  long pageFaultAddress() {
    return words[CR2];
  }

  int code() {
    return frame.get(ValueLayout.JAVA_INT_UNALIGNED, SIGINFO_CODE);
  }

  long address() {
    return frame.get(ValueLayout.JAVA_LONG_UNALIGNED, SIGINFO_ADDRESS);
  }

  int architecture() {
    return frame.get(ValueLayout.JAVA_INT_UNALIGNED, SIGINFO_ARCHITECTURE);
  }

  long extendedStateAddress() {
    return frame.get(ValueLayout.JAVA_LONG_UNALIGNED, EXTENDED_STATE_POINTER);
  }
}
