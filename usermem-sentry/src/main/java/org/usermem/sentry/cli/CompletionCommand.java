package org.usermem.sentry.cli;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code usermem completion}: prints a completion script that bash and zsh can source. */
final class CompletionCommand implements Runnable {

  private final CommandSpec spec;

  private CompletionCommand() {
    spec = CommandSpec.wrapWithoutInspection(this);
  }

  static CommandSpec spec() {
    CommandSpec spec = new CompletionCommand().spec;
    spec.usageMessage()
        .description(
            "Print a completion script for bash and zsh.",
            "Use it with: source <(usermem completion)");
    return spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help and exit.")
            .build());
  }

  @Override
  public void run() {
    CommandLine root = spec.root().commandLine();
    PrintWriter out = root.getOut();
    out.print(AutoComplete.bash(root.getCommandName(), root));
    out.flush();
  }
}
