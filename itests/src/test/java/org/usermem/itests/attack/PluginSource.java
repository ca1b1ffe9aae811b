package org.usermem.itests.attack;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.usermem.itests.BuiltModules;

/** Sources of a plug-in, compiled and packed by the test that needs it. */
final class PluginSource {

  private final String module;
  private final Map<String, String> files = new LinkedHashMap<>();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final List<String> options = new ArrayList<>();
  private final List<Path> modulePath = new ArrayList<>();

  private PluginSource(String module) {
    this.module = module;
  }

  /** Begins a plug-in with a module declaration's directives. */
  static PluginSource module(String module, String directives) {
    return new PluginSource(module)
        .file("module-info.java", "module " + module + " { " + directives + " }");
  }

  /** Adds a source file. */
  PluginSource file(String path, String source) {
    files.put(path, source);
    return this;
  }

  /** Adds a public class of the package that the module is named after. */
  PluginSource type(String name, String declaration) {
    return file(
        module.replace('.', '/') + "/" + name + ".java", "package " + module + "; " + declaration);
  }

  /** Adds a manifest header. */
  PluginSource header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** Adds a jar entry, in place of a compiled one of that name if there is one. */
  PluginSource entry(String name, byte[] bytes) {
    entries.put(name, bytes);
    return this;
  }

  /** Makes javac let the sources see a package that is not exported to them. */
  PluginSource past(String export) {
    options.add("--add-exports");
    options.add(export + "=" + module);
    return this;
  }

  /** Adds a module to compile against. */
  PluginSource with(Path jar) {
    modulePath.add(jar);
    return this;
  }

  /** Compiles the sources into a jar. */
  Path jar(Path jar) {
    try {
      Path classes = Files.createTempDirectory("plugin");
      compile(classes);
      Files.createDirectories(jar.getParent());
      try (OutputStream out = Files.newOutputStream(jar);
          JarOutputStream packed = new JarOutputStream(out, manifest())) {
        pack(classes, packed);
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compile(Path classes) throws IOException {
    Path sources = Files.createTempDirectory("source");
    List<String> words =
        new ArrayList<>(List.of("-d", classes.toString(), "-nowarn", "-proc:none"));
    words.addAll(options);
    words.add("--module-path");
    words.add(
        Stream.concat(BuiltModules.compilePath().stream(), modulePath.stream())
            .map(Path::toString)
            .collect(Collectors.joining(":")));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path source = sources.resolve(file.getKey());
      Files.createDirectories(source.getParent());
      Files.writeString(source, file.getValue());
      words.add(source.toString());
    }
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    if (javac.run(out, out, words.toArray(String[]::new)) != 0) {
      throw new DoesNotCompile(said.toString());
    }
  }

  /** The compiler refused. */
  static final class DoesNotCompile extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DoesNotCompile(String said) {
      super(said);
    }
  }

  private Manifest manifest() {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.forEach((k, v) -> main.put(new Attributes.Name(k), v));
    return manifest;
  }

  private void pack(Path classes, JarOutputStream packed) throws IOException {
    try (Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        String name = classes.relativize(file).toString();
        if (!entries.containsKey(name)) {
          packed.putNextEntry(new ZipEntry(name));
          packed.write(Files.readAllBytes(file));
        }
      }
    }
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      packed.putNextEntry(new ZipEntry(entry.getKey()));
      packed.write(entry.getValue());
    }
  }
}
