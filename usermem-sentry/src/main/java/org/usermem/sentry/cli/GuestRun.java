package org.usermem.sentry.cli;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.KernelOptions;
import org.usermem.platform.PlatformException;
import org.usermem.platform.PlatformKind;
import org.usermem.platform.Platforms;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.assembly.AssemblyException;
import org.usermem.sentry.assembly.AssemblyFile;
import org.usermem.sentry.plugin.PluginException;
import org.usermem.sentry.record.FileRecording;
import org.usermem.sentry.run.GuestStreams;
import org.usermem.sentry.run.HostPlatform;
import org.usermem.sentry.run.HostResources;
import org.usermem.sentry.run.MountOption;
import org.usermem.sentry.run.RunOptions;
import org.usermem.sentry.run.Sentry;
import org.usermem.sentry.run.UserOption;

/** One run of a program, as the command line asks for it. */
final class GuestRun {
  /** What a shell answers for a program that can't be found, and for one that can't be executed. */
  private static final int NOT_FOUND = 127;

  private static final int NOT_EXECUTABLE = 126;
  private static final int FAILED = 125;

  private final PrintStream messages;
  private RunWords words;
  private RunOptions options;

  /**
   * Makes a run.
   *
   * @param messages where messages go
   * @throws IllegalArgumentException if the value of an option is wrong
   */
  GuestRun(RunWords words, PrintStream messages) {
    Platforms.prepare();
    this.words = words;
    this.messages = messages;
    options = options(words);
  }

  /** Runs the program to its end and returns the exit code. */
  int execute() {
    return execute(GuestStreams.ofHost(), (sentry, assembly) -> sentry.run());
  }

  /** What is done with a sentry; the result is an exit code. */
  @FunctionalInterface
  interface Use {
    /**
     * Does it.
     *
     * @param sentry in which nothing runs yet
     * @param assembly its plug-ins, if any were asked for
     */
    int with(Sentry sentry, Optional<Assembly> assembly);
  }

  /** Puts a sentry together and returns the exit code of what is done with it. */
  int execute(GuestStreams streams, Use use) {
    try {
      AssemblyFile file = RunAssembly.read(words);
      if (file != null) {
        words = words.with(file.configuration().getOrDefault(Assembly.SENTRY, Map.of()));
        options = options(words);
      }
      return execute(file, streams, use);
    } catch (IllegalArgumentException | AssemblyException | PluginException | PlatformException e) {
      messages.println("usermem: " + e.getMessage());
      return FAILED;
    }
  }

  private int execute(@Nullable AssemblyFile file, GuestStreams streams, Use use) {
    try (FileRecording _ = recording();
        RunAssembly assembly = RunAssembly.start(words, file, messages);
        Sentry sentry = sentry(assembly, streams);
        Observers _ = observers(sentry, assembly)) {
      return use.with(sentry, Optional.ofNullable(assembly).map(RunAssembly::assembly));
    } catch (LinuxException e) {
      messages.println("usermem: " + options.command().getFirst() + ": " + e.errno().description());
      return switch (e.errno()) {
        case ENOENT, ENOTDIR -> NOT_FOUND;
        default -> NOT_EXECUTABLE;
      };
    }
  }

  /** A recording, if one is asked for; what makes recordings is not loaded otherwise. */
  private @Nullable FileRecording recording() {
    return words.text(RunOption.JFR).map(file -> FileRecording.start(Path.of(file))).orElse(null);
  }

  /** What others look through, if anything is asked for: the same is true of that. */
  private @Nullable Observers observers(Sentry sentry, @Nullable RunAssembly assembly) {
    Optional<String> socket = words.text(RunOption.CONTROL);
    Optional<String> port = words.text(RunOption.VIEW);
    if (socket.isEmpty() && port.isEmpty()) {
      return null;
    }
    return new Observers(
        sentry.inspection(),
        Optional.ofNullable(assembly).map(RunAssembly::assembly),
        socket,
        port,
        messages);
  }

  /** A sentry: made directly, or, if there may be plug-ins, of components. */
  private Sentry sentry(@Nullable RunAssembly assembly, GuestStreams streams) {
    Optional<String> platform = words.text(RunOption.PLATFORM);
    if (assembly != null) {
      return assembly.open(options, streams, platform);
    }
    if (platform.isPresent() && options.platform().isEmpty()) {
      throw new IllegalArgumentException("there is no platform '" + platform.get() + "'");
    }
    return new Sentry(options, messages, streams, List.of(), new HostPlatform(options.platform()));
  }

  private static RunOptions options(RunWords words) {
    return new RunOptions(
        words.command(),
        root(words.text(RunOption.ROOT).orElse("/")),
        words.texts(RunOption.MOUNT).stream().map(MountOption::parse).toList(),
        environment(words.texts(RunOption.ENV)),
        words.text(RunOption.WORKDIR),
        words.text(RunOption.USER).map(UserOption::parse).orElse(UserOption.ROOT),
        words.text(RunOption.HOSTNAME).orElse("usermem"),
        words
            .text(RunOption.MEMORY)
            .map(HostResources::parseSize)
            .orElseGet(HostResources::memoryBytes),
        words
            .text(RunOption.TASKS)
            .map(GuestRun::tasks)
            .orElse(KernelOptions.DEFAULT_MAXIMUM_TASKS),
        words.text(RunOption.PLATFORM).flatMap(PlatformKind::ofLabel),
        words.has(RunOption.STRACE),
        words.has(RunOption.SUMMARY),
        words.has(RunOption.MAPS_AT_EXIT));
  }

  private static Path root(String text) {
    Path root = Path.of(text);
    if (!Files.isDirectory(root)) {
      throw new IllegalArgumentException("--root: there is no directory " + text);
    }
    return root;
  }

  private static int tasks(String text) {
    try {
      int count = Integer.parseInt(text);
      if (count > 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a number of tasks is 1 or more, not '" + text + "'", e);
    }
    throw new IllegalArgumentException("a number of tasks is 1 or more, not '" + text + "'");
  }

  /** The caller's environment with what the command line changes. */
  private static List<String> environment(List<String> changes) {
    List<String> environment = new ArrayList<>();
    System.getenv().forEach((name, value) -> environment.add(name + "=" + value));
    for (String each : changes) {
      int equals = each.indexOf('=');
      if (equals == 0 || each.isEmpty()) {
        throw new IllegalArgumentException("a variable is NAME[=VALUE], not '" + each + "'");
      }
      String name = equals < 0 ? each : each.substring(0, equals);
      if (equals >= 0) {
        environment.removeIf(variable -> variable.startsWith(name + "="));
        environment.add(each);
      }
    }
    return environment;
  }
}
