package org.usermem.sentry.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.KernelOptions;
import org.usermem.platform.PlatformException;
import org.usermem.platform.PlatformKind;
import org.usermem.sentry.assembly.AssemblyException;
import org.usermem.sentry.assembly.AssemblyFile;
import org.usermem.sentry.assembly.AssemblyReader;
import org.usermem.sentry.attach.AttachedPlugins;
import org.usermem.sentry.plugin.PluginException;
import org.usermem.sentry.run.GuestAttachment;
import org.usermem.sentry.run.GuestStreams;
import org.usermem.sentry.run.HostResources;
import org.usermem.sentry.run.MountOption;
import org.usermem.sentry.run.RunOptions;
import org.usermem.sentry.run.Sentry;
import org.usermem.sentry.run.UserOption;
import org.usermem.sentry.text.TextException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** {@code usermem run}: runs a Linux program in a sentry. */
final class RunCommand implements Callable<Integer> {
  /** What a shell answers for a program that can't be found, and for one that can't be executed. */
  private static final int NOT_FOUND = 127;

  private static final int NOT_EXECUTABLE = 126;
  private static final int FAILED = 125;

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
    option(spec, "--root", "DIR", "Host directory that the guest sees as /; / if not given.");
    list(spec, "--mount", "TYPE:SOURCE:TARGET[:ro]", "Mount a file system in the guest.");
    list(spec, "--env", "NAME[=VALUE]", "Set, or with a name alone take over, a variable.");
    option(spec, "--workdir", "DIR", "Working directory in the guest.");
    option(spec, "--user", "UID[:GID]", "Whom the program runs as; root if not given.");
    option(spec, "--hostname", "NAME", "Name of the guest's machine; usermem if not given.");
    option(spec, "--memory", "SIZE", "Limit of memory, such as 512M or 2G.");
    option(spec, "--tasks", "COUNT", "Limit of tasks.");
    option(spec, "--plugins", "DIR", "Watch a directory for plug-ins.");
    option(spec, "--assembly", "FILE", "Plug-ins, layer policy and mounts.");
    option(spec, "--platform", "NAME", "What runs guest code: systrap or ptrace.");
    flag(spec, "--strace", "Show system calls.");
    flag(spec, "--summary", "Show at the end which calls were not implemented.");
    return spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("PROGRAM")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("1..*")
            .description("The program and its arguments.")
            .build());
  }

  private static void option(CommandSpec spec, String name, String label, String description) {
    spec.addOption(
        OptionSpec.builder(name)
            .paramLabel(label)
            .type(String.class)
            .description(description)
            .build());
  }

  private static void list(CommandSpec spec, String name, String label, String description) {
    spec.addOption(
        OptionSpec.builder(name)
            .paramLabel(label)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description(description)
            .build());
  }

  private static void flag(CommandSpec spec, String name, String description) {
    spec.addOption(OptionSpec.builder(name).type(boolean.class).description(description).build());
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    RunOptions options = options();
    PrintStream messages = System.err;
    try (Sentry sentry =
        new Sentry(options, messages, GuestStreams.ofHost(), attachments(messages))) {
      return sentry.run();
    } catch (LinuxException e) {
      err.println("usermem: " + options.command().getFirst() + ": " + e.errno().description());
      return switch (e.errno()) {
        case ENOENT, ENOTDIR -> NOT_FOUND;
        default -> NOT_EXECUTABLE;
      };
    } catch (IllegalArgumentException | AssemblyException | PluginException | PlatformException e) {
      err.println("usermem: " + e.getMessage());
      return FAILED;
    }
  }

  /** Plug-ins, where some are asked for: a sentry without any loads nothing of theirs. */
  private List<GuestAttachment> attachments(PrintStream messages) {
    Optional<String> directory = text("--plugins");
    Optional<String> assembly = text("--assembly");
    if (directory.isEmpty() && assembly.isEmpty()) {
      return List.of();
    }
    try {
      AssemblyFile file =
          assembly.map(f -> AssemblyReader.read(Path.of(f))).orElseGet(AssemblyFile::standard);
      AssemblyFile whole =
          directory.map(d -> file.withPluginDirectory(pluginDirectory(d))).orElse(file);
      return List.of(
          (vfs, root) ->
              new AttachedPlugins(whole, vfs, root, m -> messages.println("usermem: " + m))::close);
    } catch (TextException | UncheckedIOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Path pluginDirectory(String name) {
    Path directory = Path.of(name).toAbsolutePath();
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException("--plugins: there is no directory " + directory);
    }
    return directory;
  }

  private RunOptions options() {
    List<String> command = spec.positionalParameters().getFirst().getValue();
    try {
      return new RunOptions(
          List.copyOf(command),
          Path.of(text("--root").orElse("/")),
          texts("--mount").stream().map(MountOption::parse).toList(),
          environment(),
          text("--workdir"),
          text("--user").map(UserOption::parse).orElse(UserOption.ROOT),
          text("--hostname").orElse("usermem"),
          text("--memory").map(HostResources::parseSize).orElseGet(HostResources::memoryBytes),
          text("--tasks").map(Integer::parseInt).orElse(KernelOptions.DEFAULT_MAXIMUM_TASKS),
          text("--platform").map(RunCommand::platform),
          isSet("--strace"),
          isSet("--summary"));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static PlatformKind platform(String name) {
    return PlatformKind.ofLabel(name)
        .orElseThrow(() -> new IllegalArgumentException("there is no platform '" + name + "'"));
  }

  /** The caller's environment with what the command line changes. */
  private List<String> environment() {
    List<String> environment = new ArrayList<>();
    System.getenv().forEach((name, value) -> environment.add(name + "=" + value));
    for (String each : texts("--env")) {
      int equals = each.indexOf('=');
      String name = equals < 0 ? each : each.substring(0, equals);
      if (equals >= 0) {
        environment.removeIf(variable -> variable.startsWith(name + "="));
        environment.add(each);
      }
    }
    return environment;
  }

  private Optional<String> text(String option) {
    return Optional.ofNullable(spec.findOption(option).getValue());
  }

  private List<String> texts(String option) {
    List<String> values = spec.findOption(option).getValue();
    return values == null ? List.of() : values;
  }

  private boolean isSet(String option) {
    Boolean value = spec.findOption(option).getValue();
    return value != null && value;
  }
}
