package org.usermem.sentry.cli;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.usermem.platform.PlatformProvider;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.assembly.AssemblyFile;
import org.usermem.sentry.assembly.AssemblyReader;
import org.usermem.sentry.assembly.PluginServices;
import org.usermem.sentry.attach.AttachedPlugins;
import org.usermem.sentry.run.GuestAttachment;
import org.usermem.sentry.run.Sentry;
import org.usermem.sentry.text.TextException;

/** The assembly of a run: its plug-ins bring file systems, devices, and perhaps the platform. */
final class RunAssembly implements AutoCloseable {

  private final AssemblyFile file;
  private final PrintStream messages;
  private final Assembly assembly;
  private final List<PlatformProvider> platforms = new CopyOnWriteArrayList<>();
  private @Nullable PlatformProvider used;
  private volatile @Nullable Sentry sentry;

  private RunAssembly(AssemblyFile file, PrintStream messages) {
    this.file = file;
    this.messages = messages;
    this.assembly = Assembly.start(file, PluginServices.TYPES, event -> message(event.toString()));
    assembly.follow(PlatformProvider.class, platforms::add, this::gone);
  }

  /**
   * Starts what the words ask for.
   *
   * @return the assembly; null if none is asked for, and then nothing of it is loaded
   * @throws IllegalArgumentException if the words are wrong
   */
  static @Nullable RunAssembly start(RunWords words, PrintStream messages) {
    Optional<String> directory = words.text(RunOption.PLUGINS);
    Optional<String> assembly = words.text(RunOption.ASSEMBLY);
    if (directory.isEmpty() && assembly.isEmpty()) {
      return null;
    }
    try {
      AssemblyFile file =
          assembly.map(f -> AssemblyReader.read(Path.of(f))).orElseGet(AssemblyFile::standard);
      AssemblyFile whole =
          directory
              .map(d -> file.withPluginDirectory(pluginDirectory(d)))
              .orElse(file)
              .withConfiguration(words.texts(RunOption.CONFIG));
      return new RunAssembly(whole, messages);
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

  private void message(String text) {
    messages.println("usermem: " + text);
  }

  Assembly assembly() {
    return assembly;
  }

  /** Returns what attaches the plug-ins to a guest's files. */
  GuestAttachment attachment() {
    return (vfs, root) -> new AttachedPlugins(assembly, file, vfs, root, this::message)::close;
  }

  /** Finds the platform of a name among those of plug-ins that the assembly file lists. */
  Optional<PlatformProvider> platform(String name) {
    Optional<PlatformProvider> found =
        platforms.stream().filter(p -> p.name().equals(name)).findFirst();
    found.ifPresent(p -> used = p);
    return found;
  }

  /** Says whose guest runs on the platform that was found. */
  void runs(Sentry running) {
    sentry = running;
    if (used != null && !platforms.contains(used)) {
      running.kill();
    }
  }

  /** A guest does not outlive what it runs on. */
  @SuppressWarnings("ReferenceEquality") // that very object; what it thinks is equal is its own
  private void gone(PlatformProvider platform) {
    platforms.remove(platform);
    Sentry running = sentry;
    if (platform == used && running != null) {
      message("the platform of the guest has gone: it is killed");
      running.kill();
    }
  }

  @Override
  public void close() {
    sentry = null;
    assembly.close();
  }
}
