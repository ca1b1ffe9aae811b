package org.usermem.kernel;

import org.usermem.kernel.signal.Signals;

/**
 * What a new task shares with the one that makes it (clone(2)).
 *
 * @param flags {@code CLONE_*}, without the signal
 * @param exitSignal what the parent gets when the child ends; 0 for nothing
 * @param stackPointer the child's stack pointer; 0 for the parent's
 * @param threadLocalStorage with {@link #CLONE_SETTLS}, the base of the child's thread-local
 *     storage
 * @param parentTidAddr with {@link #CLONE_PARENT_SETTID}, where the child's number is stored
 * @param childTidAddr with {@link #CLONE_CHILD_SETTID} or {@link #CLONE_CHILD_CLEARTID}, where the
 *     child's number is stored, and cleared at its end, in the child's memory
 * @param pidfdAddr with {@link #CLONE_PIDFD}, where the descriptor is stored
 * @param requestedTid the number that the child must have (clone3's set_tid); 0 for any
 */
public record CloneOptions(
    long flags,
    int exitSignal,
    long stackPointer,
    long threadLocalStorage,
    long parentTidAddr,
    long childTidAddr,
    long pidfdAddr,
    int requestedTid) {

  /** Share the address space. */
  public static final long CLONE_VM = 0x100;

  /** Share working directory, root and umask. */
  public static final long CLONE_FS = 0x200;

  /** Share the file-descriptor table. */
  public static final long CLONE_FILES = 0x400;

  /** Share signal actions. */
  public static final long CLONE_SIGHAND = 0x800;

  /** Store a pidfd. */
  public static final long CLONE_PIDFD = 0x1000;

  /** The tracer traces the child too. */
  public static final long CLONE_PTRACE = 0x2000;

  /** The parent waits until the child executes a program or ends. */
  public static final long CLONE_VFORK = 0x4000;

  /** The child is a child of the caller's parent. */
  public static final long CLONE_PARENT = 0x8000;

  /** The child is a thread of the caller's process. */
  public static final long CLONE_THREAD = 0x1_0000;

  /** A new mount namespace. */
  public static final long CLONE_NEWNS = 0x2_0000;

  /** Share System V semaphore adjustments. */
  public static final long CLONE_SYSVSEM = 0x4_0000;

  /** Set thread-local storage. */
  public static final long CLONE_SETTLS = 0x8_0000;

  /** Store the child's number in the parent's memory. */
  public static final long CLONE_PARENT_SETTID = 0x10_0000;

  /** Clear the child's number in its memory when it ends, and wake a futex there. */
  public static final long CLONE_CHILD_CLEARTID = 0x20_0000;

  /** Unused. */
  public static final long CLONE_DETACHED = 0x40_0000;

  /** No tracer can make itself the child's. */
  public static final long CLONE_UNTRACED = 0x80_0000;

  /** Store the child's number in its memory. */
  public static final long CLONE_CHILD_SETTID = 0x100_0000;

  /** See names of the machine of its own. */
  public static final long CLONE_NEWUTS = 0x400_0000;

  /** Have System V objects and POSIX queues of its own. */
  public static final long CLONE_NEWIPC = 0x800_0000;

  /** Be somebody else in a namespace of users of its own; there is none. */
  public static final long CLONE_NEWUSER = 0x1000_0000;

  /** See a network of its own, which is as empty as the first. */
  public static final long CLONE_NEWNET = 0x4000_0000;

  /** Give every signal with a handler its default action (clone3 only). */
  public static final long CLONE_CLEAR_SIGHAND = 0x1_0000_0000L;

  /** The options of fork(2). */
  public static final CloneOptions FORK = new CloneOptions(0, Signals.SIGCHLD, 0, 0, 0, 0, 0, 0);

  /** The options of vfork(2). */
  public static final CloneOptions VFORK =
      new CloneOptions(CLONE_VM | CLONE_VFORK, Signals.SIGCHLD, 0, 0, 0, 0, 0, 0);

  /**
   * Returns whether a flag is set.
   *
   * @param flag one of {@code CLONE_*}, or several
   * @return whether one of them is set
   */
  public boolean has(long flag) {
    return (flags & flag) != 0;
  }
}
