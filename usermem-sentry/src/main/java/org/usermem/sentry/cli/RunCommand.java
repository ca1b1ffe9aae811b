package org.usermem.sentry.cli;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.usermem.sentry.cli.RunOption.Arity;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** {@code usermem run}: runs a Linux program in a sentry. */
final class RunCommand implements Callable<Integer> {

  private final CommandSpec spec;

  private RunCommand() {
    spec = CommandSpec.wrapWithoutInspection(this);
  }

  static CommandSpec spec() {
    CommandSpec spec = new RunCommand().spec;
    spec.usageMessage()
        .description(
            "Run a Linux program in a sentry.",
            "Exits with the program's exit code, or 128 and the signal's number if one ended it.");
    spec.parser().stopAtPositional(true);
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help and exit.")
            .build());
    for (RunOption option : RunOption.values()) {
      spec.addOption(spec(option));
    }
    return spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("PROGRAM")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("1..*")
            .description("The program and its arguments.")
            .build());
  }

  static OptionSpec spec(RunOption option) {
    OptionSpec.Builder builder = OptionSpec.builder(option.word).description(option.description);
    return switch (option.arity) {
      case NONE -> builder.type(boolean.class).build();
      case ONE -> builder.paramLabel(option.label).type(String.class).build();
      case MANY ->
          builder.paramLabel(option.label).type(List.class).auxiliaryTypes(String.class).build();
    };
  }

  @Override
  public Integer call() {
    GuestRun run;
    try {
      run = new GuestRun(words(), System.err);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    return run.execute();
  }

  /** What picocli has read. */
  RunWords words() {
    List<String> command = spec.positionalParameters().getFirst().getValue();
    if (command == null) {
      throw new IllegalArgumentException("Missing program");
    }
    return words(spec, List.of(RunOption.values()), List.copyOf(command));
  }

  /** What picocli has read of some options. */
  static RunWords words(CommandSpec spec, List<RunOption> read, List<String> command) {
    Map<RunOption, List<String>> options = new EnumMap<>(RunOption.class);
    for (RunOption option : read) {
      OptionSpec found = spec.findOption(option.word);
      if (spec.commandLine().getParseResult().hasMatchedOption(found)) {
        options.put(option, option.arity == Arity.NONE ? List.of() : values(option, found));
      }
    }
    return new RunWords(options, command);
  }

  private static List<String> values(RunOption option, OptionSpec found) {
    if (option.arity == Arity.MANY) {
      return found.getValue();
    }
    String value = found.getValue();
    return List.of(value);
  }
}
