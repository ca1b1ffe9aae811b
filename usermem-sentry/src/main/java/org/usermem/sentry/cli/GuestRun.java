package org.usermem.sentry.cli;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.KernelOptions;
import org.usermem.platform.PlatformException;
import org.usermem.platform.PlatformKind;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.assembly.AssemblyException;
import org.usermem.sentry.assembly.AssemblyFile;
import org.usermem.sentry.assembly.AssemblyReader;
import org.usermem.sentry.attach.AttachedPlugins;
import org.usermem.sentry.plugin.PluginException;
import org.usermem.sentry.record.FileRecording;
import org.usermem.sentry.run.GuestAttachment;
import org.usermem.sentry.run.GuestStreams;
import org.usermem.sentry.run.HostResources;
import org.usermem.sentry.run.MountOption;
import org.usermem.sentry.run.RunOptions;
import org.usermem.sentry.run.Sentry;
import org.usermem.sentry.run.UserOption;
import org.usermem.sentry.text.TextException;

/** One run of a program, as the command line asks for it. */
final class GuestRun {
  /** What a shell answers for a program that can't be found, and for one that can't be executed. */
  private static final int NOT_FOUND = 127;

  private static final int NOT_EXECUTABLE = 126;
  private static final int FAILED = 125;

  private final RunWords words;
  private final RunOptions options;
  private final PrintStream messages;
  private @Nullable AttachedPlugins plugins;

  /**
   * Makes a run.
   *
   * @param messages where messages go
   * @throws IllegalArgumentException if the value of an option is wrong
   */
  GuestRun(RunWords words, PrintStream messages) {
    this.words = words;
    this.messages = messages;
    options = options(words);
  }

  /** Runs the program to its end and returns the exit code. */
  int execute() {
    try (FileRecording _ = recording();
        Sentry sentry = new Sentry(options, messages, GuestStreams.ofHost(), attachments());
        Observers _ = observers(sentry)) {
      return sentry.run();
    } catch (LinuxException e) {
      messages.println("usermem: " + options.command().getFirst() + ": " + e.errno().description());
      return switch (e.errno()) {
        case ENOENT, ENOTDIR -> NOT_FOUND;
        default -> NOT_EXECUTABLE;
      };
    } catch (IllegalArgumentException | AssemblyException | PluginException | PlatformException e) {
      messages.println("usermem: " + e.getMessage());
      return FAILED;
    }
  }

  /** A recording, if one is asked for; what makes recordings is not loaded otherwise. */
  private @Nullable FileRecording recording() {
    return words.text(RunOption.JFR).map(file -> FileRecording.start(Path.of(file))).orElse(null);
  }

  /** What others look through, if anything is asked for: the same is true of that. */
  private @Nullable Observers observers(Sentry sentry) {
    Optional<String> socket = words.text(RunOption.CONTROL);
    Optional<String> port = words.text(RunOption.VIEW);
    if (socket.isEmpty() && port.isEmpty()) {
      return null;
    }
    Optional<Assembly> assembly = Optional.ofNullable(plugins).map(AttachedPlugins::assembly);
    return new Observers(sentry.inspection(), assembly, socket, port, messages);
  }

  /** Plug-ins, where some are asked for: a sentry without any loads nothing of theirs. */
  private List<GuestAttachment> attachments() {
    Optional<String> directory = words.text(RunOption.PLUGINS);
    Optional<String> assembly = words.text(RunOption.ASSEMBLY);
    if (directory.isEmpty() && assembly.isEmpty()) {
      return List.of();
    }
    try {
      AssemblyFile file =
          assembly.map(f -> AssemblyReader.read(Path.of(f))).orElseGet(AssemblyFile::standard);
      AssemblyFile whole =
          directory
              .map(d -> file.withPluginDirectory(pluginDirectory(d)))
              .orElse(file)
              .withConfiguration(words.texts(RunOption.CONFIG));
      return List.of(
          (vfs, root) -> {
            AttachedPlugins attached =
                new AttachedPlugins(whole, vfs, root, m -> messages.println("usermem: " + m));
            plugins = attached;
            return attached::close;
          });
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

  private static RunOptions options(RunWords words) {
    return new RunOptions(
        words.command(),
        Path.of(words.text(RunOption.ROOT).orElse("/")),
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
            .map(Integer::parseInt)
            .orElse(KernelOptions.DEFAULT_MAXIMUM_TASKS),
        words.text(RunOption.PLATFORM).map(GuestRun::platform),
        words.has(RunOption.STRACE),
        words.has(RunOption.SUMMARY),
        words.has(RunOption.MAPS_AT_EXIT));
  }

  private static PlatformKind platform(String name) {
    return PlatformKind.ofLabel(name)
        .orElseThrow(() -> new IllegalArgumentException("there is no platform '" + name + "'"));
  }

  /** The caller's environment with what the command line changes. */
  private static List<String> environment(List<String> changes) {
    List<String> environment = new ArrayList<>();
    System.getenv().forEach((name, value) -> environment.add(name + "=" + value));
    for (String each : changes) {
      int equals = each.indexOf('=');
      String name = equals < 0 ? each : each.substring(0, equals);
      if (equals >= 0) {
        environment.removeIf(variable -> variable.startsWith(name + "="));
        environment.add(each);
      }
    }
    return environment;
  }
}
