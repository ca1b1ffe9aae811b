package org.usermem.sentry.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.usermem.platform.terminal.HostTerminal;
import org.usermem.sentry.control.Connection;
import org.usermem.sentry.control.SocketConnection;
import org.usermem.sentry.shell.Shell;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code usermem shell}: looks at a sentry, and changes its plug-ins. */
final class ShellCommand implements Callable<Integer> {

  /** What `./usermem shell` starts the JVM with, besides the modules of a sentry. */
  private static final List<String> LIBRARIES =
      List.of("org.jline.reader", "org.apache.felix.gogo.runtime");

  private final CommandSpec spec;

  private ShellCommand() {
    spec = CommandSpec.wrapWithoutInspection(this);
  }

  static CommandSpec spec() {
    CommandSpec spec = new ShellCommand().spec;
    spec.usageMessage()
        .description(
            "Look at a sentry that runs: its processes, memory, mounts, calls and plug-ins.",
            "Lines come from the terminal, from the standard input, or from --command.");
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help and exit.")
            .build());
    spec.addOption(
        OptionSpec.builder("-c", "--command")
            .paramLabel("LINE")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("Run a line and exit; 'help' lists the commands.")
            .build());
    return spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("SOCKET")
            .type(Path.class)
            .arity("1")
            .description("The socket of 'usermem run --control SOCKET'.")
            .build());
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    for (String library : LIBRARIES) {
      if (ModuleLayer.boot().findModule(library).isEmpty()) {
        err.println("usermem: the shell needs --add-modules " + String.join(",", LIBRARIES));
        return 1;
      }
    }
    Path socket = spec.positionalParameters().getFirst().getValue();
    try (Connection connection = new SocketConnection(socket)) {
      return run(new Shell(connection, System.out, System.err)) ? 0 : 1;
    } catch (IllegalArgumentException | UncheckedIOException e) {
      err.println("usermem: " + e.getMessage());
      return 1;
    }
  }

  private boolean run(Shell shell) {
    List<String> lines = spec.findOption("--command").getValue();
    if (lines != null) {
      return shell.run(lines);
    }
    if (!HostTerminal.isTerminal(0)) {
      return shell.run(System.in);
    }
    shell.talk();
    return true;
  }
}
