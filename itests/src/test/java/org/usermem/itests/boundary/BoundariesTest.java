package org.usermem.itests.boundary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.usermem.itests.BuiltModules;

/**
 * What the compiler lets a module say, and what it does not. A rule is a line of boundaries.txt.
 */
class BoundariesTest {

  @TempDir private Path output;

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = "boundaries.txt", delimiter = '|', quoteCharacter = '`')
  void theCompilerKeepsTheBoundary(
      String rule, String module, String requires, String member, String verdict) {
    List<Compilation.Complaint> errors = compile(module, requires, member).errors();
    if (verdict.equals("compiles")) {
      assertEquals(List.of(), errors, rule);
    } else {
      assertTrue(
          errors.stream().anyMatch(error -> error.toString().contains(verdict)),
          () -> rule + "\n expected an error with: " + verdict + "\n but got: " + errors);
    }
  }

  /** Every package that a module does not export to all, with no need of a rule. */
  @TestFactory
  Stream<DynamicTest> nobodyElseNamesAPackageThatIsNotExported() {
    return BuiltModules.NAMES.stream()
        .flatMap(
            module ->
                hiddenPackages(module).stream()
                    .flatMap(packageName -> anyClassOf(module, packageName).stream())
                    .map(name -> dynamicTest(name, () -> assertHidden(module, name))));
  }

  private void assertHidden(String module, String className) {
    String packageName = className.substring(0, className.lastIndexOf('.'));
    List<Compilation.Complaint> errors =
        compile("com.acme.other", module, className + " field;").errors();
    assertTrue(
        errors.stream()
            .anyMatch(
                error ->
                    error.code().equals("compiler.err.package.not.visible")
                        && error.message().contains(packageName)),
        () -> "errors: " + errors);
  }

  private Compilation compile(String module, String requires, String member) {
    StringBuilder descriptor = new StringBuilder("module " + module + " {");
    for (String required : requires.split(" +")) {
      descriptor.append(" requires ").append(required).append(';');
    }
    return Compilation.of(
        Map.of(
            "module-info.java",
            descriptor.append(" }").toString(),
            "com/acme/plugin/Plugin.java",
            "package com.acme.plugin;\nabstract class Plugin { " + member + " }"),
        output);
  }

  private static Set<String> hiddenPackages(String module) {
    ModuleDescriptor descriptor = BuiltModules.descriptor(module);
    Set<String> packages = new TreeSet<>(descriptor.packages());
    descriptor.exports().stream()
        .filter(export -> !export.isQualified())
        .forEach(export -> packages.remove(export.source()));
    return packages;
  }

  private static Optional<String> anyClassOf(String module, String packageName) {
    String prefix = packageName.replace('.', '/') + "/";
    try (JarFile jar = new JarFile(BuiltModules.jar(module).toFile())) {
      return jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(prefix) && name.endsWith(".class"))
          .map(name -> name.substring(prefix.length(), name.length() - ".class".length()))
          .filter(name -> !name.contains("/") && !name.contains("$") && !name.contains("-"))
          .sorted()
          .findFirst()
          .map(name -> packageName + "." + name);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
