package org.usermem.platform;

/** Why a guest thread stopped running guest code. */
public enum StopReason {

  /**
   * The guest executed a system call.
   *
   * <p>{@link Registers#origRax()} is its number, {@link Registers#argument} its arguments; {@code
   * rip} is behind the instruction, {@code rcx} and {@code r11} are as the instruction leaves them.
   * The result goes to {@code rax}.
   */
  SYSCALL,

  /**
   * The guest accessed an address that is not mapped, or not for this access.
   *
   * <p>{@link Context#faultAddress()} and {@link Context#faultAccess()} tell more. {@code rip} is
   * at the instruction, which runs again when the guest is resumed.
   */
  FAULT,

  /**
   * The guest raised an exception other than a page fault, such as a division by zero.
   *
   * <p>{@link Context#signalNumber()} and {@link Context#signalCode()} are what Linux would put
   * into the siginfo, {@link Context#faultAddress()} its address.
   */
  SIGNAL,

  /** The guest executed one instruction, as asked by {@link Context#setSingleStep}. */
  STEP,

  /** {@link Context#interrupt()} was called; the guest may have run or not. */
  INTERRUPTED,

  /** The guest thread no longer exists; it will never run again. */
  DEAD
}
