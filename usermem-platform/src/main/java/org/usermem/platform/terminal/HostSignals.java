package org.usermem.platform.terminal;

import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Signals that other processes and the terminal send to this process, such as SIGINT on Ctrl-C and
 * SIGWINCH when the window changes.
 *
 * <p>While somebody listens to a signal, that replaces what the JVM does with it: Ctrl-C does not
 * end the JVM.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
public final class HostSignals implements AutoCloseable {

  /** Hang-up of the terminal. */
  public static final int SIGHUP = 1;

  /** Interrupt from the terminal. */
  public static final int SIGINT = 2;

  /** Quit from the terminal. */
  public static final int SIGQUIT = 3;

  /** Request to end. */
  public static final int SIGTERM = 15;

  /** Continuation after a stop. */
  public static final int SIGCONT = 18;

  /** Stop from the terminal. */
  public static final int SIGTSTP = 20;

  /** The window of the terminal has another size. */
  public static final int SIGWINCH = 28;

  private static final Set<Integer> ALLOWED =
      Set.of(SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGCONT, SIGTSTP, SIGWINCH);

  private final SignalRelay.Listener listener;

  private HostSignals(SignalRelay.Listener listener) {
    this.listener = listener;
  }

  /**
   * Listens to signals until the result is closed.
   *
   * @param signals numbers of signals, of those above
   * @param handler called with the number of each signal that arrives, on a thread of the
   *     platform's that serves all listeners, so it must not block
   * @throws IllegalArgumentException if a signal is none of those above
   */
  public static HostSignals listen(Set<Integer> signals, IntConsumer handler) {
    for (int signal : signals) {
      if (!ALLOWED.contains(signal)) {
        throw new IllegalArgumentException("signal " + signal + " can't be listened to");
      }
    }
    SignalRelay.Listener listener = new SignalRelay.Listener(Set.copyOf(signals), handler);
    SignalRelay.shared().add(listener);
    return new HostSignals(listener);
  }

  /**
   * Ends listening; the last listener to a signal gives it back to the JVM. Closing twice has no
   * effect.
   */
  @Override
  public void close() {
    SignalRelay.shared().remove(listener);
  }
}
