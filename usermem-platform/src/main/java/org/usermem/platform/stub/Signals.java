package org.usermem.platform.stub;

import java.util.List;

/** Signals of Linux as far as stub processes meet them, and the codes that come with them. */
public final class Signals {

  public static final int SIGILL = 4;
  public static final int SIGTRAP = 5;
  public static final int SIGBUS = 7;
  public static final int SIGFPE = 8;
  public static final int SIGKILL = 9;
  public static final int SIGSEGV = 11;
  public static final int SIGCHLD = 17;
  public static final int SIGURG = 23;
  public static final int SIGSYS = 31;

  /** The signal that interrupts guest code; nothing else sends it to a stub process. */
  public static final int INTERRUPT = SIGURG;

  /** {@code si_code}: the kernel raised the signal for a reason that it does not tell. */
  public static final int SI_KERNEL = 0x80;

  /** {@code si_code} of SIGSEGV: nothing is mapped at the address. */
  public static final int SEGV_MAPERR = 1;

  /** {@code si_code} of SIGSEGV: what is mapped does not permit the access. */
  public static final int SEGV_ACCERR = 2;

  /** {@code si_code} of SIGSEGV: a protection key does not permit the access. */
  public static final int SEGV_PKUERR = 4;

  /** {@code si_code} of SIGTRAP: an instruction was traced. */
  public static final int TRAP_TRACE = 2;

  /** {@code si_code} of SIGSYS: a seccomp filter trapped a system call. */
  public static final int SYS_SECCOMP = 1;

  /** The signals that guest code can raise, and the interrupt. */
  static final List<Integer> HANDLED =
      List.of(SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS, INTERRUPT);

  /**
   * What a stub process blocks: everything that others might send it. Blocking the signals of
   * exceptions would make them deadly.
   */
  public static final long BLOCKED = ~HANDLED.stream().mapToLong(Signals::bit).sum();

  private Signals() {}

  /** Returns whether a signal is one that an exception of the processor raises. */
  public static boolean isException(int signal) {
    return signal != INTERRUPT && HANDLED.contains(signal);
  }

  /** Returns the bit of a signal in the kernel's signal sets. */
  public static long bit(int signal) {
    return 1L << (signal - 1);
  }
}
