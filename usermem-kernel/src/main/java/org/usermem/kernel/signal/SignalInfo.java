package org.usermem.kernel.signal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A signal with what it carries: {@code siginfo_t} (sigaction(2)).
 *
 * @param signo the signal, 1 to 64
 * @param errno {@code si_errno}
 * @param code {@code si_code}: one of this class's codes or one that a program chose
 * @param payload what it carries
 */
public record SignalInfo(int signo, int errno, int code, SignalPayload payload) {

  /** Length of {@code siginfo_t}. */
  public static final int BYTE_COUNT = 128;

  /** Sent by kill(2). */
  public static final int SI_USER = 0;

  /** Sent by the kernel. */
  public static final int SI_KERNEL = 0x80;

  /** Sent by sigqueue(3). */
  public static final int SI_QUEUE = -1;

  /** A POSIX timer expired. */
  public static final int SI_TIMER = -2;

  /** Sent by tkill(2) or tgkill(2). */
  public static final int SI_TKILL = -6;

  /** Address not mapped. */
  public static final int SEGV_MAPERR = 1;

  /** Address mapped without the right to access it so. */
  public static final int SEGV_ACCERR = 2;

  /** No memory behind the address. */
  public static final int BUS_ADRERR = 2;

  /** Breakpoint. */
  public static final int TRAP_BRKPT = 1;

  /** Single step. */
  public static final int TRAP_TRACE = 2;

  /** A debug register. */
  public static final int TRAP_HWBKPT = 4;

  /** The child exited. */
  public static final int CLD_EXITED = 1;

  /** The child was killed. */
  public static final int CLD_KILLED = 2;

  /** The child was killed with a core dump. */
  public static final int CLD_DUMPED = 3;

  /** The traced child trapped. */
  public static final int CLD_TRAPPED = 4;

  /** The child stopped. */
  public static final int CLD_STOPPED = 5;

  /** The stopped child went on. */
  public static final int CLD_CONTINUED = 6;

  private static final SignalPayload NONE = new SignalPayload.None();

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final int PAYLOAD_OFFSET = 16;

  /**
   * Returns a signal from the kernel itself ({@code SEND_SIG_PRIV}).
   *
   * @param signo the signal
   * @return the signal with {@code SI_KERNEL}
   */
  public static SignalInfo kernel(int signo) {
    return new SignalInfo(signo, 0, SI_KERNEL, NONE);
  }

  /**
   * Returns a signal about which nothing else is known: what is left of one that found no room in
   * the queue.
   *
   * @param signo the signal
   * @return the signal with {@code SI_USER} from nobody
   */
  public static SignalInfo bare(int signo) {
    return new SignalInfo(signo, 0, SI_USER, new SignalPayload.Sender(0, 0));
  }

  /**
   * Returns a signal as kill(2) sends it.
   *
   * @param signo the signal
   * @param pid process of the sender
   * @param uid real user of the sender
   * @return the signal
   */
  public static SignalInfo user(int signo, int pid, int uid) {
    return new SignalInfo(signo, 0, SI_USER, new SignalPayload.Sender(pid, uid));
  }

  /**
   * Returns a signal as tgkill(2) sends it.
   *
   * @param signo the signal
   * @param pid process of the sender
   * @param uid real user of the sender
   * @return the signal
   */
  public static SignalInfo thread(int signo, int pid, int uid) {
    return new SignalInfo(signo, 0, SI_TKILL, new SignalPayload.Sender(pid, uid));
  }

  /**
   * Returns the signal of a fault.
   *
   * @param signo SIGSEGV, SIGBUS, SIGILL, SIGFPE or SIGTRAP
   * @param code the fault's code
   * @param addr address that faulted, or of the instruction
   * @return the signal
   */
  public static SignalInfo fault(int signo, int code, long addr) {
    return new SignalInfo(signo, 0, code, new SignalPayload.Fault(addr));
  }

  /**
   * Returns whether the kernel or an instruction, not a program, is the origin ({@code
   * SI_FROMKERNEL}).
   *
   * @return whether {@code si_code} is positive
   */
  public boolean isFromKernel() {
    return code > 0;
  }

  /**
   * Writes the signal in the form of {@code siginfo_t}.
   *
   * @param dst {@link #BYTE_COUNT} bytes; those without meaning become zero
   */
  public void encode(MemorySegment dst) {
    dst.asSlice(0, BYTE_COUNT).fill((byte) 0);
    dst.set(INT, 0, signo);
    dst.set(INT, 4, errno);
    dst.set(INT, 8, code);
    switch (payload) {
      case SignalPayload.None() -> {}
      case SignalPayload.Sender(int pid, int uid) -> putTwoInts(dst, pid, uid);
      case SignalPayload.Value(int pid, int uid, long value) -> {
        putTwoInts(dst, pid, uid);
        dst.set(LONG, 24, value);
      }
      case SignalPayload.Timer(int timerId, int overrun, long value) -> {
        putTwoInts(dst, timerId, overrun);
        dst.set(LONG, 24, value);
      }
      case SignalPayload.Child(int pid, int uid, int status, long userTicks, long systemTicks) -> {
        putTwoInts(dst, pid, uid);
        dst.set(INT, 24, status);
        dst.set(LONG, 32, userTicks);
        dst.set(LONG, 40, systemTicks);
      }
      case SignalPayload.Fault(long addr) -> dst.set(LONG, PAYLOAD_OFFSET, addr);
      case SignalPayload.Band(long band, int fd) -> {
        dst.set(LONG, PAYLOAD_OFFSET, band);
        dst.set(INT, 24, fd);
      }
      case SignalPayload.Call(long callAddr, int syscall, int arch) -> {
        dst.set(LONG, PAYLOAD_OFFSET, callAddr);
        dst.set(INT, 24, syscall);
        dst.set(INT, 28, arch);
      }
      case SignalPayload.Raw raw ->
          MemorySegment.copy(
              MemorySegment.ofArray(raw.bytes()),
              0,
              dst,
              PAYLOAD_OFFSET,
              SignalPayload.Raw.BYTE_COUNT);
    }
  }

  /**
   * Reads a signal from the form of {@code siginfo_t}; every byte is kept.
   *
   * @param src {@link #BYTE_COUNT} bytes
   * @return the signal; its number is not checked
   */
  public static SignalInfo decode(MemorySegment src) {
    byte[] rest =
        src.asSlice(PAYLOAD_OFFSET, SignalPayload.Raw.BYTE_COUNT).toArray(ValueLayout.JAVA_BYTE);
    return new SignalInfo(
        src.get(INT, 0), src.get(INT, 4), src.get(INT, 8), new SignalPayload.Raw(rest));
  }

  /**
   * Returns the same signal under another number, as a tracer may ask.
   *
   * @param otherSigno the number
   * @return the signal
   */
  public SignalInfo withSigno(int otherSigno) {
    return new SignalInfo(otherSigno, errno, code, payload);
  }

  private static void putTwoInts(MemorySegment dst, int first, int second) {
    dst.set(INT, PAYLOAD_OFFSET, first);
    dst.set(INT, PAYLOAD_OFFSET + 4, second);
  }
}
