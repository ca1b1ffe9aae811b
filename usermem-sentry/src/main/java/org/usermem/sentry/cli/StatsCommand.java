package org.usermem.sentry.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.usermem.sentry.record.FileRecording;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code usermem stats}: sums up a recording. */
final class StatsCommand implements Callable<Integer> {

  private final CommandSpec spec;

  private StatsCommand() {
    spec = CommandSpec.wrapWithoutInspection(this);
  }

  static CommandSpec spec() {
    CommandSpec spec = new StatsCommand().spec;
    spec.usageMessage()
        .description(
            "Sum up a recording that 'usermem run --jfr FILE' made.",
            "Of a sentry that runs, the shell's command 'stats' tells the same.");
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help and exit.")
            .build());
    return spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("FILE")
            .type(Path.class)
            .arity("1")
            .description("The recording.")
            .build());
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Path file = spec.positionalParameters().getFirst().getValue();
    try {
      FileRecording.read(file).lines().forEach(out::println);
      return 0;
    } catch (UncheckedIOException e) {
      err.println("usermem: " + e.getMessage());
      return 1;
    } finally {
      out.flush();
      err.flush();
    }
  }
}
