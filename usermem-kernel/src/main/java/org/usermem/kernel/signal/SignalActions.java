package org.usermem.kernel.signal;

import java.util.Arrays;

/**
 * The actions of a process, one a signal: {@code struct sighand_struct}. Tasks cloned with
 * CLONE_SIGHAND share one. Not thread-safe: the kernel's lock of tasks guards it.
 */
public final class SignalActions {

  private final SignalAction[] actions = new SignalAction[Signals.LAST + 1];

  /** Makes a table of default actions. */
  public SignalActions() {
    Arrays.fill(actions, SignalAction.DEFAULT);
  }

  /**
   * Returns the action of a signal.
   *
   * @param signo a signal
   * @return its action
   */
  public SignalAction get(int signo) {
    return actions[signo];
  }

  /**
   * Sets the action of a signal.
   *
   * @param signo a signal
   * @param action its action
   */
  public void set(int signo, SignalAction action) {
    actions[signo] = action;
  }

  /**
   * Returns a copy, as fork makes it.
   *
   * @return the copy
   */
  public SignalActions copy() {
    SignalActions copy = new SignalActions();
    System.arraycopy(actions, 0, copy.actions, 0, actions.length);
    return copy;
  }

  /**
   * Returns a copy in which every handler is gone, as execve makes it ({@code
   * flush_signal_handlers}); what is ignored stays ignored.
   *
   * @return the copy
   */
  public SignalActions copyForExec() {
    SignalActions copy = new SignalActions();
    for (int signo = 1; signo <= Signals.LAST; signo++) {
      if (actions[signo].isIgnore()) {
        copy.actions[signo] = new SignalAction(SignalAction.SIG_IGN, 0, 0, 0);
      }
    }
    return copy;
  }

  /** Removes every handler and keeps what is ignored (CLONE_CLEAR_SIGHAND). */
  public void clearHandlers() {
    for (int signo = 1; signo <= Signals.LAST; signo++) {
      if (!actions[signo].isIgnore()) {
        actions[signo] = SignalAction.DEFAULT;
      }
    }
  }

  /**
   * Returns the signals that are ignored explicitly.
   *
   * @return a set
   */
  public long ignored() {
    long set = SignalSet.EMPTY;
    for (int signo = 1; signo <= Signals.LAST; signo++) {
      if (actions[signo].isIgnore()) {
        set |= SignalSet.bit(signo);
      }
    }
    return set;
  }

  /**
   * Returns the signals that have a handler.
   *
   * @return a set
   */
  public long caught() {
    long set = SignalSet.EMPTY;
    for (int signo = 1; signo <= Signals.LAST; signo++) {
      if (!actions[signo].isIgnore() && !actions[signo].isDefault()) {
        set |= SignalSet.bit(signo);
      }
    }
    return set;
  }
}
