package org.usermem.kernel;

/** Options, events and stop codes of ptrace(2): include/uapi/linux/ptrace.h. */
final class TraceOptions {

  /** System-call stops carry bit 7 in their signal. */
  static final int SYSCALL_GOOD = 1;

  /** The tracee dies with its tracer. */
  static final int EXIT_KILL = 1 << 20;

  /** Every option that can be set; the one that suspends seccomp is for checkpoints alone. */
  static final int ALL = 0xff | EXIT_KILL;

  /** The tracee has forked. */
  static final int EVENT_FORK = 1;

  /** The tracee has vforked. */
  static final int EVENT_VFORK = 2;

  /** The tracee has cloned. */
  static final int EVENT_CLONE = 3;

  /** The tracee has executed a program. */
  static final int EVENT_EXEC = 4;

  /** The tracee's vfork is over. */
  static final int EVENT_VFORK_DONE = 5;

  /** The tracee is ending. */
  static final int EVENT_EXIT = 6;

  /** A filter of seccomp(2) has the tracer decide about a system call. */
  static final int EVENT_SECCOMP = 7;

  /** A seized tracee stopped, or its process did. */
  static final int EVENT_STOP = 128;

  /** Added to the signal of a stop at a system call, if {@link #SYSCALL_GOOD} is set. */
  static final int SYSCALL_BIT = 0x80;

  private TraceOptions() {}
}
