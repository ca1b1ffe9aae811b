package org.usermem.sentry.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.WaitStatus;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;
import org.usermem.platform.terminal.HostTerminal;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.console.Console;
import org.usermem.sentry.control.Connection;
import org.usermem.sentry.control.SocketConnection;
import org.usermem.sentry.run.GuestStreams;
import org.usermem.sentry.run.Sentry;
import org.usermem.sentry.shell.Shell;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** {@code usermem shell}: looks at a sentry, and changes its plug-ins. */
final class ShellCommand implements Callable<Integer> {

  /** What `./usermem shell` starts the JVM with, besides the modules of a sentry. */
  private static final List<String> LIBRARIES =
      List.of("org.jline.reader", "org.apache.felix.gogo.runtime");

  /** Options of a sentry of its own. */
  private static final List<RunOption> OWN =
      List.of(
          RunOption.ROOT,
          RunOption.MOUNT,
          RunOption.MEMORY,
          RunOption.PLUGINS,
          RunOption.ASSEMBLY,
          RunOption.CONFIG,
          RunOption.PLATFORM);

  private static final int LOOK_EVERY_MILLIS = 100;

  private final CommandSpec spec;

  private ShellCommand() {
    spec = CommandSpec.wrapWithoutInspection(this);
  }

  static CommandSpec spec() {
    CommandSpec spec = new ShellCommand().spec;
    spec.usageMessage()
        .description(
            "Look at a sentry: its processes, memory, mounts, calls and plug-ins.",
            "Without a socket it is one of its own, in which the shell's command 'run' starts"
                + " programs.",
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
    OWN.forEach(option -> spec.addOption(RunCommand.spec(option)));
    return spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("SOCKET")
            .type(Path.class)
            .arity("0..1")
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
    if (socket == null) {
      return ofItsOwn();
    }
    try (Connection connection = new SocketConnection(socket)) {
      return run(new Shell(connection, System.out, System.err)) ? 0 : 1;
    } catch (IllegalArgumentException | UncheckedIOException e) {
      err.println("usermem: " + e.getMessage());
      return 1;
    }
  }

  private int ofItsOwn() {
    try {
      RunWords words = RunCommand.words(spec, OWN, List.of("a program"));
      GuestStreams streams =
          new GuestStreams(
              Channels.newChannel(InputStream.nullInputStream()),
              Channels.newChannel(System.out),
              Channels.newChannel(System.err),
              false);
      return new GuestRun(words, System.err).execute(streams, this::talk);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private int talk(Sentry sentry, Optional<Assembly> assembly) {
    Console console =
        new Console(
            sentry.inspection(),
            assembly,
            Optional.of((command, isOver) -> runInside(sentry, command, isOver)));
    return run(new Shell(Connection.local(console), System.out, System.err)) ? 0 : 1;
  }

  private static int runInside(Sentry sentry, List<String> command, BooleanSupplier isOver) {
    ThreadGroup process = sentry.start(command);
    while (true) {
      try {
        return WaitStatus.shellCode(process.exit().get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        if (isOver.getAsBoolean()) {
          process.send(SignalInfo.kernel(Signals.SIGKILL));
        }
      } catch (InterruptedException e) {
        process.send(SignalInfo.kernel(Signals.SIGKILL));
        Thread.currentThread().interrupt();
        return WaitStatus.shellCode(process.exit().join());
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
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
