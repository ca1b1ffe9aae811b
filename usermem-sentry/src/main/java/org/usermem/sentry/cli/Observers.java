package org.usermem.sentry.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.console.Console;
import org.usermem.sentry.control.ControlServer;
import org.usermem.sentry.inspect.Inspection;
import org.usermem.sentry.view.ViewServer;

/** What others may look at a sentry through: a socket, a web view. Nothing unless asked for. */
final class Observers implements AutoCloseable {

  private static final int MOST_PORT = 65535;

  private final List<AutoCloseable> open = new ArrayList<>();

  /**
   * Opens what was asked for.
   *
   * @param inspection looks at the sentry
   * @param assembly its plug-ins, if it has an assembly
   * @param socket where the socket of the console is to be
   * @param port the port of the view; any free one if 0
   * @param messages is told where the view is
   * @throws IllegalArgumentException if something can't be opened
   */
  Observers(
      Inspection inspection,
      Optional<Assembly> assembly,
      Optional<String> socket,
      Optional<String> port,
      PrintStream messages) {
    try {
      socket.ifPresent(
          path ->
              open.add(
                  new ControlServer(
                      Path.of(path), new Console(inspection, assembly, Optional.empty()))));
      port.ifPresent(
          text -> {
            ViewServer view = new ViewServer(port(text), inspection, assembly);
            open.add(view);
            messages.println("usermem: view at " + view.address());
          });
    } catch (IllegalArgumentException e) {
      close();
      throw e;
    }
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= MOST_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // The message below says it.
    }
    throw new IllegalArgumentException(
        "--view: a port is a number from 0 to 65535, not '" + text + "'");
  }

  @Override
  public void close() {
    for (AutoCloseable each : open.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
