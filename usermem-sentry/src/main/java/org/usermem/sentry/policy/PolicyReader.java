package org.usermem.sentry.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.usermem.sentry.text.Block;
import org.usermem.sentry.text.Statement;
import org.usermem.sentry.text.TextException;
import org.usermem.sentry.text.TextReader;

/**
 * Reads a policy. The form of the text:
 *
 * <pre>
 * policy 1                                 the version of this format
 *
 * right NAME                               something to be granted
 *   about TEXT
 *   covers NAME-PATTERN...                 only its holders may name these
 *   covers-headers HEADER...               only its holders may have these manifest headers
 *   covers-native-methods                  only its holders may declare native methods
 *   except NAME-PATTERN...                 but everybody may name these
 *   exports MODULE/PACKAGE...              exported to its holders at run time
 *   enables-native-access                  its holders get native access at run time
 *   instead TEXT                           what to do without it
 *
 * layer NAME
 *   about TEXT
 *   like LAYER                             begins as a copy of a layer above
 *   may-name NAME-PATTERN...
 *   may-require MODULE-PATTERN...
 *   grants RIGHT...
 *   reports RIGHT...                       let pass, but reported
 *   may-see NAME-PATTERN...                service interfaces
 *
 * place core MODULE LAYER
 * place plugin GLOB LAYER [with RIGHT...] [sha256 HEX]
 *
 * advice NAME-PATTERN...                   for what may-name leaves out
 *   instead TEXT
 * </pre>
 *
 * <p>Name patterns are those of {@link NamePattern}, module patterns those of {@link
 * ModulePattern}. A keyword that takes a list may be repeated.
 */
public final class PolicyReader {

  private final String file;
  private final Map<String, Right> rights = new LinkedHashMap<>();
  private final Map<String, Layer> layers = new LinkedHashMap<>();
  private final List<Place> places = new ArrayList<>();
  private final List<Advice> advice = new ArrayList<>();

  private PolicyReader(String file) {
    this.file = file;
  }

  /**
   * Reads a policy from a file.
   *
   * @param path the file
   * @return the policy
   * @throws TextException if it is not a policy; the message names file and line
   * @throws UncheckedIOException if it could not be read
   */
  public static Policy read(Path path) {
    try {
      return read(path.toString(), Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the policy " + path, e);
    }
  }

  /**
   * Reads a policy from a text.
   *
   * @param file the name for messages
   * @param text the contents
   * @return the policy
   * @throws TextException if it is not a policy; the message names file and line
   */
  public static Policy read(String file, String text) {
    PolicyReader reader = new PolicyReader(file);
    List<Block> blocks = TextReader.read(file, text);
    reader.readVersion(blocks);
    for (Block block : blocks.subList(1, blocks.size())) {
      reader.read(block);
    }
    return new Policy(file, reader.rights, reader.layers, reader.places, reader.advice);
  }

  /**
   * Reads one {@code place} statement; an assembly file has the same ones.
   *
   * @param statement the statement
   * @return the place; its layer and rights are not looked up
   * @throws TextException if it has another form
   */
  public static Place place(Statement statement) {
    String shape =
        "place core MODULE LAYER, or place plugin GLOB LAYER [with RIGHT...] [sha256 HEX]";
    List<String> words = statement.words(3, Integer.MAX_VALUE, shape);
    Place.Origin origin =
        switch (words.getFirst()) {
          case "core" -> Place.Origin.CORE;
          case "plugin" -> Place.Origin.PLUGIN;
          default ->
              throw statement.error("'" + words.getFirst() + "' is no origin; write: " + shape);
        };
    Set<String> granted = new HashSet<>();
    Optional<String> sha256 = Optional.empty();
    int at = 3;
    if (at < words.size() && words.get(at).equals("with")) {
      at++;
      while (at < words.size() && !words.get(at).equals("sha256")) {
        granted.add(words.get(at++));
      }
    }
    if (at + 2 == words.size() && words.get(at).equals("sha256")) {
      sha256 = Optional.of(checkDigest(statement, words.get(at + 1)));
      at += 2;
    }
    if (at != words.size()) {
      throw statement.error("'" + words.get(at) + "' has no meaning here; write: " + shape);
    }
    return new Place(origin, words.get(1), words.get(2), granted, sha256);
  }

  private static String checkDigest(Statement statement, String digest) {
    if (!digest.matches("[0-9a-f]{64}")) {
      throw statement.error("'" + digest + "' is no SHA-256 digest: 64 of 0-9 and a-f are");
    }
    return digest;
  }

  private void readVersion(List<Block> blocks) {
    if (blocks.isEmpty()) {
      throw new TextException(file, 1, "is empty; a policy begins with the line: policy 1");
    }
    Statement first = blocks.getFirst().head();
    if (!first.keyword().equals("policy") || !first.text().equals("1")) {
      throw first.error("a policy begins with the line: policy 1");
    }
    blocks.getFirst().checkNoBody();
  }

  private void read(Block block) {
    Statement head = block.head();
    switch (head.keyword()) {
      case "right" -> addRight(block);
      case "layer" -> addLayer(block);
      case "advice" -> addAdvice(block);
      case "place" -> {
        block.checkNoBody();
        Place place = place(head);
        known(head, layers, place.layer(), "layer");
        place.rights().forEach(r -> known(head, rights, r, "right"));
        places.add(place);
      }
      default -> throw head.unknown("right", "layer", "place", "advice");
    }
  }

  private void addRight(Block block) {
    String name = block.head().words(1, 1, "right NAME").getFirst();
    String about = "";
    String instead = "";
    List<NamePattern> covers = new ArrayList<>();
    List<NamePattern> except = new ArrayList<>();
    List<String> headers = new ArrayList<>();
    List<Right.PackageExport> exports = new ArrayList<>();
    boolean nativeMethods = false;
    boolean nativeAccess = false;
    for (Statement line : block.body()) {
      switch (line.keyword()) {
        case "about" -> about = line.text();
        case "instead" -> instead = line.text();
        case "covers" -> covers.addAll(patterns(line, NamePattern::of));
        case "except" -> except.addAll(patterns(line, NamePattern::of));
        case "exports" -> exports.addAll(patterns(line, PolicyReader::packageExport));
        case "covers-headers" -> headers.addAll(line.words());
        case "covers-native-methods" -> nativeMethods = true;
        case "enables-native-access" -> nativeAccess = true;
        default ->
            throw line.unknown(
                "about",
                "covers",
                "covers-headers",
                "covers-native-methods",
                "except",
                "exports",
                "enables-native-access",
                "instead");
      }
    }
    if (instead.isEmpty()) {
      throw block.head().error("right '" + name + "' does not say what to do instead");
    }
    Right right =
        new Right(
            name, about, covers, except, headers, nativeMethods, exports, nativeAccess, instead);
    if (rights.put(name, right) != null) {
      throw block.head().error("right '" + name + "' is there twice");
    }
  }

  private static Right.PackageExport packageExport(String word) {
    int slash = word.indexOf('/');
    if (slash <= 0 || slash == word.length() - 1) {
      throw new IllegalArgumentException("'" + word + "' is no export; write MODULE/PACKAGE");
    }
    return new Right.PackageExport(word.substring(0, slash), word.substring(slash + 1));
  }

  private void addLayer(Block block) {
    String name = block.head().words(1, 1, "layer NAME").getFirst();
    String about = "";
    List<NamePattern> mayName = new ArrayList<>();
    List<ModulePattern> mayRequire = new ArrayList<>();
    List<NamePattern> maySee = new ArrayList<>();
    Set<String> grants = new HashSet<>();
    Set<String> reports = new HashSet<>();
    for (Statement line : block.body()) {
      switch (line.keyword()) {
        case "about" -> about = line.text();
        case "like" -> {
          Layer model = known(line, layers, line.text(), "layer");
          mayName.addAll(model.mayName());
          mayRequire.addAll(model.mayRequire());
          maySee.addAll(model.maySee());
          grants.addAll(model.grants());
          reports.addAll(model.reports());
        }
        case "may-name" -> mayName.addAll(patterns(line, NamePattern::of));
        case "may-require" -> mayRequire.addAll(patterns(line, ModulePattern::new));
        case "may-see" -> maySee.addAll(patterns(line, NamePattern::of));
        case "grants" -> grants.addAll(rightNames(line));
        case "reports" -> reports.addAll(rightNames(line));
        default ->
            throw line.unknown(
                "about", "like", "may-name", "may-require", "grants", "reports", "may-see");
      }
    }
    Layer layer = new Layer(name, about, mayName, mayRequire, grants, reports, maySee);
    if (layers.put(name, layer) != null) {
      throw block.head().error("layer '" + name + "' is there twice");
    }
  }

  private void addAdvice(Block block) {
    List<NamePattern> about = patterns(block.head(), NamePattern::of);
    String instead = "";
    for (Statement line : block.body()) {
      if (!line.keyword().equals("instead")) {
        throw line.unknown("instead");
      }
      instead = line.text();
    }
    if (instead.isEmpty()) {
      throw block.head().error("this advice does not say what to do instead");
    }
    advice.add(new Advice(about, instead));
  }

  private List<String> rightNames(Statement line) {
    List<String> names = line.words(1, Integer.MAX_VALUE, line.keyword() + " RIGHT...");
    names.forEach(n -> known(line, rights, n, "right"));
    return names;
  }

  private static <T> List<T> patterns(Statement line, Function<String, T> reader) {
    List<T> read = new ArrayList<>();
    for (String word : line.words(1, Integer.MAX_VALUE, line.keyword() + " PATTERN...")) {
      try {
        read.add(reader.apply(word));
      } catch (IllegalArgumentException e) {
        throw line.error(String.valueOf(e.getMessage()));
      }
    }
    return read;
  }

  private static <T> T known(Statement line, Map<String, T> all, String name, String kind) {
    T found = all.get(name);
    if (found == null) {
      throw line.error(
          "there is no "
              + kind
              + " '"
              + name
              + "' above; there are "
              + String.join(", ", all.keySet()));
    }
    return found;
  }
}
