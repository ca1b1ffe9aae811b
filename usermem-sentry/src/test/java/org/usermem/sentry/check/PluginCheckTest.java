package org.usermem.sentry.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.usermem.sentry.fixture.PluginSource;
import org.usermem.sentry.policy.Place;
import org.usermem.sentry.policy.Policy;

class PluginCheckTest {

  private static final CoreModules CORE = CoreModules.ofThisJvm();

  @TempDir Path dir;

  private static PluginSource plugin(String body) {
    return PluginSource.module("com.acme", "requires org.usermem.api;")
        .type("A", "public class A { " + body + " }");
  }

  private CheckReport check(PluginSource source) throws IOException {
    return check(source, Policy.standard());
  }

  private CheckReport check(PluginSource source, Policy policy) throws IOException {
    return check(source.jar(dir.resolve("acme.jar")), policy);
  }

  private static CheckReport check(Path plugin, Policy policy) throws IOException {
    PluginFiles files = PluginFiles.read(plugin, policy::placePlugin);
    List<Violation> all = new ArrayList<>(files.violations());
    all.addAll(new PluginCheck(policy, CORE).check(files.candidates()).violations());
    return new CheckReport(all);
  }

  @Test
  void ordinaryJavaBreaksNoRule() throws IOException {
    CheckReport report =
        check(
            PluginSource.module("com.acme", "requires org.usermem.api; requires java.sql;")
                .type(
                    "A",
                    """
                    import java.util.*;
                    public class A implements Runnable {
                      sealed interface S permits R, T {}
                      record R(int a, String b) implements S {}
                      record T() implements S {}
                      enum E { X { int f() { return 1; } }, Y; int f() { return 2; } }
                      int[] numbers = {1, 2};
                      public void run() {
                        Map<String, List<? extends Number>> m = new TreeMap<>();
                        m.computeIfAbsent("a" + m.size(), k -> new ArrayList<>()).forEach(String::valueOf);
                        S s = m.isEmpty() ? new T() : new R(1, "x");
                        String t = switch (s) { case R(int a, String b) when a > 0 -> a + b; case R r -> r.toString(); case T q -> "t"; };
                        switch (E.valueOf("X")) { case X -> t += 1; default -> t += E.Y.f(); }
                        Object o = numbers.clone();
                        synchronized (o) { assert o != null : getClass().getName(); }
                        try (var in = A.class.getResourceAsStream("x")) { t += in; } catch (java.io.IOException e) { throw new java.io.UncheckedIOException(e); }
                        new java.util.concurrent.ConcurrentHashMap<String, String>().merge(t, t, String::concat);
                        java.lang.foreign.MemorySegment.ofArray(new byte[8]).fill((byte) 1);
                      }
                    }
                    """));
    assertEquals(List.of(), report.violations());
  }

  static Stream<Arguments> names() {
    return Stream.of(
        Arguments.of("Object o = System.class; void f() { System.load(\"/x\"); }", "native-access"),
        Arguments.of("native void f();", "native-access"),
        Arguments.of(
            "java.util.function.Consumer<String> f = System::loadLibrary;", "native-access"),
        Arguments.of("java.lang.foreign.Linker f;", "native-access"),
        Arguments.of(
            "Object f = java.lang.foreign.MemorySegment.ofAddress(1).reinterpret(8);",
            "native-access"),
        Arguments.of("Object f() throws Exception { return Class.forName(\"x\"); }", "reflection"),
        Arguments.of(
            "Object f() throws Exception { return A.class.getDeclaredMethods(); }", "reflection"),
        Arguments.of("java.util.List<java.lang.reflect.Method> f;", "reflection"),
        Arguments.of(
            "Object f() throws Exception { return"
                + " java.lang.invoke.MethodHandles.privateLookupIn(String.class, null); }",
            "reflection"),
        Arguments.of("static class L extends ClassLoader {}", "reflection"),
        Arguments.of("static class T extends Thread {} void f() { new T(); }", "threads"),
        Arguments.of("static class T extends Thread {} void f(T t) { t.start(); }", "threads"),
        Arguments.of("Object f = java.util.List.of().parallelStream();", "threads"),
        Arguments.of("Object f = java.util.stream.Stream.of(1).parallel();", "threads"),
        Arguments.of(
            "Object f() throws Exception { return new java.io.FileInputStream(\"/proc/self/mem\");"
                + " }",
            "host-files"),
        Arguments.of(
            "Object f() throws Exception { return new java.util.Formatter(\"/tmp/x\"); }",
            "host-files"),
        Arguments.of("java.nio.file.Path f;", "host-files"),
        Arguments.of("java.net.Socket f;", "network"),
        Arguments.of(
            "Object f() throws Exception { return new ProcessBuilder(\"sh\").start(); }",
            "processes"),
        Arguments.of("void f() { Runtime.getRuntime().halt(1); }", "jvm"));
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatARightCoversIsRefusedWithoutIt(String body, String right) throws IOException {
    CheckReport report = check(plugin(body));
    assertTrue(!report.accepted(), body);
    for (Violation v : report.violations()) {
      assertEquals(Rule.RIGHT, v.rule(), v.toString());
      assertEquals(right + ", layer plugin", v.subject(), v.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatARightCoversIsAcceptedWithIt(String body, String right) throws IOException {
    Place place =
        new Place(Place.Origin.PLUGIN, "acme.jar", "plugin", Set.of(right), Optional.empty());
    CheckReport report = check(plugin(body), Policy.standard().withPlaces(List.of(place)));
    assertTrue(report.accepted(), report.toString());
  }

  @Test
  void aNameInADescriptorAloneIsFound() throws IOException {
    CheckReport report =
        check(
            PluginSource.module("com.acme", "requires org.usermem.api; requires java.compiler;")
                .type("A", "public abstract class A { abstract void f(javax.tools.Tool t); }"));
    assertTrue(
        report.violations().stream()
            .anyMatch(v -> v.rule() == Rule.NAME && v.used().equals("names javax.tools.Tool")),
        report.toString());
    assertTrue(
        report.violations().stream().anyMatch(v -> v.used().equals("requires java.compiler")),
        report.toString());
  }

  @Test
  void aNameInAGenericSignatureAloneIsFound() throws IOException {
    CheckReport report =
        check(
            PluginSource.module("com.acme", "requires java.compiler;")
                .type("A", "abstract class A { java.util.List<? super javax.tools.Tool[]> f; }"));
    assertTrue(
        report.violations().stream().anyMatch(v -> v.used().equals("names javax.tools.Tool")),
        report.toString());
  }

  @Test
  void aCoreModulesNameIsRefused() throws IOException {
    CheckReport report =
        check(PluginSource.module("org.usermem.mm", "").type("A", "public class A {}"));
    assertTrue(
        report.violations().stream().anyMatch(v -> v.rule() == Rule.IDENTITY), report.toString());
  }

  @Test
  void aCoreModulesPackageIsRefused() throws IOException {
    CheckReport report =
        check(
            PluginSource.module("com.acme", "")
                .file(
                    "org/usermem/sentry/A.java", "package org.usermem.sentry; public class A {}"));
    assertTrue(
        report.violations().stream().anyMatch(v -> v.rule() == Rule.SPLIT_PACKAGE),
        report.toString());
  }

  @ParameterizedTest
  @MethodSource("headers")
  void manifestsThatReachOutAreRefused(String header, String value, Rule rule) throws IOException {
    CheckReport report = check(plugin("").header(header, value));
    assertTrue(!report.accepted(), header);
    assertTrue(report.violations().stream().anyMatch(v -> v.rule() == rule), report.toString());
  }

  static Stream<Arguments> headers() {
    return Stream.of(
        Arguments.of("Fragment-Host", "org.usermem.mm", Rule.RIGHT),
        Arguments.of("Require-Bundle", "org.usermem.mm", Rule.RIGHT),
        Arguments.of("DynamicImport-Package", "*", Rule.RIGHT),
        Arguments.of("Bundle-Activator", "com.acme.A", Rule.RIGHT),
        Arguments.of("Bundle-ClassPath", ".,lib/x.jar", Rule.RIGHT),
        Arguments.of("Import-Package", "java.util,org.usermem.mm;version=\"[0,1)\"", Rule.RIGHT),
        Arguments.of("Export-Package", "org.usermem.mm", Rule.MANIFEST),
        Arguments.of("Provide-Capability", "osgi.identity;osgi.identity=\"x\"", Rule.MANIFEST),
        Arguments.of("Bundle-SymbolicName", "org.usermem.kernel;singleton:=true", Rule.IDENTITY));
  }

  @Test
  void aMalformedClassFileIsRefused() throws IOException {
    CheckReport report =
        check(plugin("").entry("com/acme/A.class", "nothing".getBytes(StandardCharsets.UTF_8)));
    assertEquals(Rule.CLASS_FILE, report.violations().getFirst().rule(), report.toString());
  }

  @Test
  void aJarWithoutModuleInfoIsRefused() throws IOException {
    CheckReport report =
        check(plugin("").entry("module-info.class", "nothing".getBytes(StandardCharsets.UTF_8)));
    assertTrue(!report.accepted());
  }

  @Test
  void aForeignNameInAStringIsReportedOnly() throws IOException {
    CheckReport report = check(plugin("String s = \"org.usermem.mm.MemoryManager\";"));
    assertTrue(report.accepted(), report.toString());
    assertEquals(Rule.STRING, report.violations().getFirst().rule());
  }

  @Test
  void anotherDigestIsRefused() throws IOException {
    Place place =
        new Place(Place.Origin.PLUGIN, "acme.jar", "plugin", Set.of(), Optional.of("0".repeat(64)));
    CheckReport report = check(plugin(""), Policy.standard().withPlaces(List.of(place)));
    assertEquals(Rule.DIGEST, report.violations().getFirst().rule());
  }

  @Test
  void modulesOfOnePluginMayNameWhatTheyExportToEachOther() throws IOException {
    Path unit = dir.resolve("acme");
    Path lib =
        PluginSource.module("com.lib", "exports com.lib;")
            .type("L", "public class L {}")
            .file("com/lib/hidden/H.java", "package com.lib.hidden; public class H {}")
            .jar(unit.resolve("lib.jar"));
    PluginSource.module("com.acme", "requires com.lib;")
        .with(lib)
        .type("A", "class A extends com.lib.L {}")
        .jar(unit.resolve("acme.jar"));
    CheckReport report = check(unit, Policy.standard());
    assertEquals(List.of(), report.violations());
  }

  @Test
  void oneViolationIsOneLineWithRuleModuleClassNameAndAdvice() throws IOException {
    String line = check(plugin("native void f();")).violations().getFirst().toString();
    assertEquals(
        "refused [right native-access, layer plugin] module com.acme, class com.acme.A: declares"
            + " the native method f; instead: use the memory in the BlockSeq that the kernel lends;"
            + " the platform module is the only one that calls the host",
        line);
  }
}
