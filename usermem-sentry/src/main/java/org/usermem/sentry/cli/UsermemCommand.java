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
    spec.addSubcommand("completion", CompletionCommand.spec());
    return new CommandLine(spec);
  }

  /** Runs when no subcommand is named, which is an error of usage. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }
}
