package org.usermem.kernel.signal;

/**
 * Sets of signals held in a {@code long}, in the form of the kernel's {@code sigset_t}: bit {@code
 * signo - 1} stands for the signal.
 */
public final class SignalSet {

  /** The set of no signal. */
  public static final long EMPTY = 0;

  /** SIGKILL and SIGSTOP: what no mask can hold. */
  public static final long UNBLOCKABLE = of(Signals.SIGKILL, Signals.SIGSTOP);

  private SignalSet() {}

  /**
   * Returns the set of some signals.
   *
   * @param signos signals
   * @return the set
   */
  public static long of(int... signos) {
    long set = EMPTY;
    for (int signo : signos) {
      set |= bit(signo);
    }
    return set;
  }

  /**
   * Returns the set of one signal.
   *
   * @param signo a signal, 1 to 64
   * @return the set
   */
  public static long bit(int signo) {
    return 1L << (signo - 1);
  }

  /**
   * Returns whether a set holds a signal.
   *
   * @param set a set
   * @param signo a signal
   * @return whether it is in the set
   */
  public static boolean contains(long set, int signo) {
    return (set & bit(signo)) != 0;
  }

  /**
   * Returns the lowest signal of a set.
   *
   * @param set a set that is not empty
   * @return the signal
   */
  public static int first(long set) {
    return Long.numberOfTrailingZeros(set) + 1;
  }

  /**
   * Returns a set as a mask may hold it.
   *
   * @param set a set, for example from a program
   * @return the set without SIGKILL and SIGSTOP
   */
  public static long blockable(long set) {
    return set & ~UNBLOCKABLE;
  }
}
