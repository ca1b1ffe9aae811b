package org.usermem.itests.boundary;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.usermem.itests.BuiltModules;

/** Compiles a small module against the built modules, and keeps nothing but the errors. */
record Compilation(List<Complaint> errors) {

  /** An error: javac's name of its kind, and the message. */
  record Complaint(String code, String message) {

    @Override
    public String toString() {
      return code + ": " + message;
    }
  }

  /** Compiles sources given as path and text. */
  static Compilation of(Map<String, String> sources, Path output) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(diagnostics, Locale.ROOT, null)) {
      files.setLocationFromPaths(StandardLocation.MODULE_PATH, BuiltModules.compilePath());
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(output));
      List<JavaFileObject> units =
          sources.entrySet().stream()
              .map(source -> source(source.getKey(), source.getValue()))
              .toList();
      compiler
          .getTask(null, files, diagnostics, List.of("--release", "25", "-proc:none"), null, units)
          .call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Compilation(
        diagnostics.getDiagnostics().stream()
            .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
            .map(
                diagnostic ->
                    new Complaint(diagnostic.getCode(), diagnostic.getMessage(Locale.ROOT)))
            .toList());
  }

  private static JavaFileObject source(String path, String text) {
    return new SimpleJavaFileObject(URI.create("string:///" + path), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
