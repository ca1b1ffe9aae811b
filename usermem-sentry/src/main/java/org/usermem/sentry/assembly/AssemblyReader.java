package org.usermem.sentry.assembly;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.usermem.sentry.policy.Place;
import org.usermem.sentry.policy.Policy;
import org.usermem.sentry.policy.PolicyReader;
import org.usermem.sentry.text.Block;
import org.usermem.sentry.text.Statement;
import org.usermem.sentry.text.TextException;
import org.usermem.sentry.text.TextReader;

/**
 * Reads an assembly file. The form of the text:
 *
 * <pre>
 * assembly 1                              the version of this format
 * policy FILE                             the built-in policy if there is no such line
 * place plugin GLOB LAYER [with RIGHT...] [sha256 HEX]
 *                                         asked before the places of the policy
 * bundle PATH                             a plug-in: a modular jar or a directory of them
 * plugins DIR                             a directory to watch for plug-ins
 * mount TYPE SOURCE TARGET [OPTIONS]      what to mount, as mount(8)
 * configuration FILE                      properties of components: a file of .json or .properties
 * config PID                              properties of a component, through Configuration Admin
 *   KEY VALUE
 * </pre>
 *
 * <p>Paths are relative to the directory of the file. What {@code config} says wins over files, and
 * a later file over an earlier one.
 */
public final class AssemblyReader {

  private final Path directory;
  private Policy policy = Policy.standard();
  private final List<Place> places = new ArrayList<>();
  private final List<Path> bundles = new ArrayList<>();
  private Optional<Path> pluginDirectory = Optional.empty();
  private final List<AssemblyFile.MountEntry> mounts = new ArrayList<>();
  private final Map<String, Map<String, Object>> fromFiles = new LinkedHashMap<>();
  private final Map<String, Map<String, Object>> configuration = new LinkedHashMap<>();

  private AssemblyReader(Path directory) {
    this.directory = directory;
  }

  /**
   * Reads an assembly file.
   *
   * @param file the file
   * @return the assembly
   * @throws TextException if it is not an assembly; the message names file and line
   * @throws UncheckedIOException if it can't be read
   */
  public static AssemblyFile read(Path file) {
    try {
      String text = Files.readString(file);
      Path directory = file.toAbsolutePath().getParent();
      return new AssemblyReader(directory == null ? Path.of("/") : directory)
          .read(file.toString(), text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the assembly " + file, e);
    }
  }

  private AssemblyFile read(String file, String text) {
    List<Block> blocks = TextReader.read(file, text);
    if (blocks.isEmpty()) {
      throw new TextException(file, 1, "is empty; an assembly begins with the line: assembly 1");
    }
    Statement first = blocks.getFirst().head();
    if (!first.keyword().equals("assembly") || !first.text().equals("1")) {
      throw first.error("an assembly begins with the line: assembly 1");
    }
    blocks.getFirst().checkNoBody();
    Statement lastPlace = first;
    for (Block block : blocks.subList(1, blocks.size())) {
      read(block);
      if (block.head().keyword().equals("place")) {
        lastPlace = block.head();
      }
    }
    Policy placed;
    try {
      placed = policy.withPlaces(places);
    } catch (IllegalArgumentException e) {
      throw lastPlace.error(String.valueOf(e.getMessage()));
    }
    return new AssemblyFile(file, placed, bundles, pluginDirectory, mounts, whole());
  }

  private void read(Block block) {
    Statement head = block.head();
    if (head.keyword().equals("config")) {
      addConfiguration(block);
      return;
    }
    block.checkNoBody();
    switch (head.keyword()) {
      case "policy" -> policy = PolicyReader.read(path(head, "policy FILE"));
      case "place" -> places.add(PolicyReader.place(head));
      case "bundle" -> bundles.add(path(head, "bundle PATH"));
      case "plugins" -> pluginDirectory = Optional.of(path(head, "plugins DIR"));
      case "configuration" -> addFile(head);
      case "mount" -> {
        List<String> words = head.words(3, 4, "mount TYPE SOURCE TARGET [OPTIONS]");
        mounts.add(
            new AssemblyFile.MountEntry(
                words.get(0), words.get(1), words.get(2), words.size() > 3 ? words.get(3) : ""));
      }
      default ->
          throw head.unknown(
              "policy", "place", "bundle", "plugins", "mount", "configuration", "config");
    }
  }

  private Path path(Statement line, String shape) {
    String word = line.words(1, 1, shape).getFirst();
    try {
      Path path = directory.resolve(word).normalize();
      if (!Files.exists(path)) {
        throw line.error("there is no " + path);
      }
      return path;
    } catch (InvalidPathException e) {
      throw line.error("'" + word + "' is no path: " + e.getMessage());
    }
  }

  private Map<String, Map<String, Object>> whole() {
    merge(configuration);
    return fromFiles;
  }

  private void addFile(Statement line) {
    Path file = path(line, "configuration FILE");
    try {
      merge(ConfigurationWords.read(file));
    } catch (IllegalArgumentException e) {
      throw line.error(String.valueOf(e.getMessage()));
    }
  }

  private void merge(Map<String, Map<String, Object>> more) {
    more.forEach(
        (pid, properties) ->
            fromFiles.computeIfAbsent(pid, p -> new LinkedHashMap<>()).putAll(properties));
  }

  private void addConfiguration(Block block) {
    String pid = block.head().words(1, 1, "config PID").getFirst();
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Statement line : block.body()) {
      if (properties.put(line.keyword(), line.text()) != null) {
        throw line.error("'" + line.keyword() + "' is there twice");
      }
    }
    if (configuration.put(pid, properties) != null) {
      throw block.head().error("config '" + pid + "' is there twice");
    }
  }
}
