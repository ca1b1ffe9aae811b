package org.usermem.platform.terminal;

import java.util.concurrent.atomic.AtomicBoolean;
import org.usermem.platform.host.HostException;

/**
 * The time in which a terminal is raw. Its end gives back the attributes from before, and so does
 * the end of the JVM by anything but SIGKILL.
 *
 * <p>Thread safety: {@link #close} from any thread.
 */
public final class RawMode implements AutoCloseable {

  private final HostTerminal terminal;
  private final TerminalAttributes before;
  private final AtomicBoolean restored = new AtomicBoolean();
  private final Thread atExit = new Thread(this::restore, "usermem-restore-terminal");

  RawMode(HostTerminal terminal) {
    this.terminal = terminal;
    before = terminal.attributes();
    Runtime.getRuntime().addShutdownHook(atExit);
    terminal.setAttributes(before.raw());
  }

  /** Returns the attributes from before. */
  public TerminalAttributes before() {
    return before;
  }

  /** Gives back the attributes from before. Closing twice has no effect. */
  @Override
  public void close() {
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException exiting) {
      // The hook runs, or has run, and finds nothing to do.
    }
  }

  private void restore() {
    if (restored.compareAndSet(false, true)) {
      try {
        terminal.setAttributes(before);
      } catch (HostException gone) {
        // The terminal was closed: there is nothing left to be given back.
      }
    }
  }
}
