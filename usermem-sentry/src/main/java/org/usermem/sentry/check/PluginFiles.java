package org.usermem.sentry.check;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.usermem.sentry.policy.Placement;

/**
 * The files of one plug-in: a modular jar, a directory of modular jars, or a directory of classes.
 *
 * @param candidates the modules found
 * @param violations what was wrong with files that are no modules
 */
public record PluginFiles(List<Candidate> candidates, List<Violation> violations) {

  /** The largest plug-in file that is read, in bytes. */
  public static final long MAX_FILE_BYTES = 1L << 30;

  /** Copies the lists. */
  public PluginFiles {
    candidates = List.copyOf(candidates);
    violations = List.copyOf(violations);
  }

  /**
   * Reads a plug-in.
   *
   * @param plugin the jar or directory
   * @param placing gives the placement of a path, which begins with the plug-in's own file name
   * @return its modules, and what was wrong
   * @throws IOException if a file can't be read
   */
  public static PluginFiles read(Path plugin, Function<String, Optional<Placement>> placing)
      throws IOException {
    List<Candidate> candidates = new ArrayList<>();
    List<Violation> violations = new ArrayList<>();
    String base = String.valueOf(plugin.getFileName());
    if (Files.isDirectory(plugin) && !Files.exists(plugin.resolve("module-info.class"))) {
      try (Stream<Path> files = Files.list(plugin)) {
        for (Path jar : files.filter(f -> f.toString().endsWith(".jar")).sorted().toList()) {
          read(jar, base + "/" + jar.getFileName(), placing, candidates, violations);
        }
      }
      if (candidates.isEmpty() && violations.isEmpty()) {
        violations.add(notAModule(base, "holds no jar"));
      }
    } else {
      read(plugin, base, placing, candidates, violations);
    }
    return new PluginFiles(candidates, violations);
  }

  private static void read(
      Path file,
      String path,
      Function<String, Optional<Placement>> placing,
      List<Candidate> candidates,
      List<Violation> violations)
      throws IOException {
    if (Files.isRegularFile(file) && Files.size(file) > MAX_FILE_BYTES) {
      violations.add(notAModule(path, "is larger than " + MAX_FILE_BYTES + " bytes"));
      return;
    }
    try {
      Optional<ModuleReference> found = ModuleFinder.of(file).findAll().stream().findFirst();
      if (found.isEmpty()) {
        violations.add(notAModule(path, "is neither a jar nor a directory of classes"));
        return;
      }
      candidates.add(
          new Candidate(
              path, found.get(), manifest(found.get()), placing.apply(path), digest(file)));
    } catch (FindException | SecurityException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      violations.add(notAModule(path, String.valueOf(cause.getMessage())));
    }
  }

  private static Violation notAModule(String path, String why) {
    String instead = "build a jar with a module-info";
    return new Violation(Rule.MODULE, "format", path, "file", why, instead, true);
  }

  private static Map<String, String> manifest(ModuleReference reference) throws IOException {
    Map<String, String> attributes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    try (ModuleReader reader = reference.open()) {
      Optional<InputStream> found = reader.open("META-INF/MANIFEST.MF");
      if (found.isPresent()) {
        try (InputStream in = found.get()) {
          new Manifest(in)
              .getMainAttributes()
              .forEach((k, v) -> attributes.put(k.toString(), v.toString()));
        }
      }
    }
    return attributes;
  }

  private static String digest(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return "none";
    }
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
        in.skipNBytes(Files.size(file));
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
