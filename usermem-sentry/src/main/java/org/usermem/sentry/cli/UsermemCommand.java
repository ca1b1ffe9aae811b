package org.usermem.sentry.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The top of the command line. Commands are described by picocli's programmatic model: inspecting
 * annotations by reflection would cost start-up time and open this package.
 */
public final class UsermemCommand implements Runnable {

  private final CommandSpec spec;

  private UsermemCommand() {
    spec = CommandSpec.wrapWithoutInspection(this);
  }

  /**
   * Returns the whole command line, ready to be executed.
   *
   * @return a new command line, with every subcommand
   */
  public static CommandLine commandLine() {
    CommandSpec spec = new UsermemCommand().spec;
    spec.name("usermem").versionProvider(new Version());
    spec.usageMessage().description("Runs unmodified Linux programs in a sentry on the JVM.");
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help and exit.")
            .build());
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Show the version and exit.")
            .build());
    spec.addSubcommand("assemble", AssembleCommand.spec());
    spec.addSubcommand("check", CheckCommand.spec());
    spec.addSubcommand("run", RunCommand.spec());
    spec.addSubcommand("shell", ShellCommand.spec());
    spec.addSubcommand("stats", StatsCommand.spec());
    spec.addSubcommand("completion", CompletionCommand.spec());
    // Words that begin with @ are the program's, not names of files with more words.
    return new CommandLine(spec)
        .setExpandAtFiles(false)
        .setParameterExceptionHandler((error, words) -> report(error));
  }

  /** Shows an error of usage: one line, for what is wrong is not to be looked for in a page. */
  private static int report(ParameterException error) {
    CommandLine command = error.getCommandLine();
    CommandSpec spec = command.getCommandSpec();
    command
        .getErr()
        .printf("usermem: %s (see %s --help)%n", error.getMessage(), spec.qualifiedName());
    return spec.exitCodeOnInvalidInput();
  }

  /**
   * Does what the command line asks for.
   *
   * @param args the words after {@code usermem}
   * @return the exit code
   */
  public static int execute(String... args) {
    return commandLine().execute(args);
  }

  /** Runs when no subcommand is named, which is an error of usage. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }
}
