package org.usermem.sentry.cli;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.usermem.platform.PlatformKind;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.assembly.AssemblyFile;
import org.usermem.sentry.assembly.AssemblyReader;
import org.usermem.sentry.assembly.PluginServices;
import org.usermem.sentry.component.SentryParts;
import org.usermem.sentry.run.GuestStreams;
import org.usermem.sentry.run.RunOptions;
import org.usermem.sentry.run.Sentry;
import org.usermem.sentry.text.TextException;

/** The assembly of a run: its plug-ins bring file systems, devices, and perhaps the platform. */
final class RunAssembly implements AutoCloseable {

  private final AssemblyFile file;
  private final PrintStream messages;
  private final Assembly assembly;

  private RunAssembly(AssemblyFile file, PrintStream messages) {
    this.file = file;
    this.messages = messages;
    this.assembly =
        Assembly.start(
            file, PluginServices.TYPES, event -> messages.println("usermem: " + event.toString()));
  }

  /**
   * Reads the assembly file and the configuration that the words name.
   *
   * @return what they say; null if none is named, and then nothing of it is loaded
   * @throws IllegalArgumentException if something in them is wrong
   */
  static @Nullable AssemblyFile read(RunWords words) {
    Optional<String> assembly = words.text(RunOption.ASSEMBLY);
    if (assembly.isEmpty() && !words.has(RunOption.CONFIG)) {
      return null;
    }
    try {
      return assembly
          .map(f -> AssemblyReader.read(Path.of(f)))
          .orElseGet(AssemblyFile::standard)
          .withConfiguration(words.texts(RunOption.CONFIG));
    } catch (TextException | UncheckedIOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * Starts what the words ask for.
   *
   * @param words with what the configuration says
   * @param read the assembly file, if there is one
   * @return the assembly; null if none is asked for, and then nothing of it is loaded
   * @throws IllegalArgumentException if the words are wrong
   */
  static @Nullable RunAssembly start(
      RunWords words, @Nullable AssemblyFile read, PrintStream messages) {
    Optional<String> directory = words.text(RunOption.PLUGINS);
    if (directory.isEmpty() && !words.has(RunOption.ASSEMBLY)) {
      return null;
    }
    AssemblyFile file = read == null ? AssemblyFile.standard() : read;
    AssemblyFile whole =
        directory
            .map(d -> file.withPluginDirectory(pluginDirectory(d)))
            .orElse(file)
            .withProperties(Assembly.SENTRY, properties(words));
    return new RunAssembly(whole, messages);
  }

  private static Path pluginDirectory(String name) {
    Path directory = Path.of(name).toAbsolutePath();
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException("--plugins: there is no directory " + directory);
    }
    return directory;
  }

  /**
   * What the components of the sentry are configured with: they are wired to the platform asked
   * for.
   */
  private static Map<String, Object> properties(RunWords words) {
    Map<String, Object> properties = new HashMap<>(words.properties());
    words
        .text(RunOption.PLATFORM)
        .filter(name -> PlatformKind.ofLabel(name).isEmpty())
        .ifPresent(
            name -> {
              if (!name.matches("[\\w.-]+")) {
                throw new IllegalArgumentException("there is no platform '" + name + "'");
              }
              properties.put("platform.target", "(usermem.platform=" + name + ")");
            });
    return properties;
  }

  Assembly assembly() {
    return assembly;
  }

  /**
   * Opens the sentry over what its component is wired to.
   *
   * @param platform the name of the platform, for the message if there is none
   * @throws IllegalArgumentException if there is no such platform, or something can't be mounted
   */
  Sentry open(RunOptions options, GuestStreams streams, Optional<String> platform) {
    return assembly
        .service(SentryParts.class)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no platform '" + platform.orElse("host") + "'"))
        .open(options, streams, assembly, file, messages);
  }

  @Override
  public void close() {
    assembly.close();
  }
}
