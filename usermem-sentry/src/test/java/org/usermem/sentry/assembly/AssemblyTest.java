package org.usermem.sentry.assembly;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import org.usermem.sentry.fixture.PluginSource;
import org.usermem.sentry.plugin.PluginEvent;
import org.usermem.sentry.plugin.PluginException;
import org.usermem.sentry.plugin.PluginRefusedException;
import org.usermem.sentry.plugin.PluginState;
import org.usermem.sentry.plugin.PluginStatus;
import org.usermem.sentry.policy.Place;
import org.usermem.sentry.policy.Policy;

class AssemblyTest {

  @TempDir Path dir;

  private final List<PluginEvent> events = new CopyOnWriteArrayList<>();
  private Assembly assembly;

  private Assembly start(Place... places) {
    return start(Map.of(), places);
  }

  private Assembly start(Map<String, Map<String, Object>> configuration, Place... places) {
    AssemblyFile file =
        new AssemblyFile(
            "test",
            Policy.standard().withPlaces(List.of(places)),
            List.of(),
            Optional.empty(),
            List.of(),
            configuration);
    assembly = Assembly.start(file, List.of(Supplier.class), events::add);
    return assembly;
  }

  @AfterEach
  void stop() {
    if (assembly != null) {
      assembly.close();
    }
  }

  private Path supplier(String name, String value) {
    return PluginSource.module(
            "com." + name, "provides java.util.function.Supplier with com." + name + ".A;")
        .type(
            "A",
            "public class A implements java.util.function.Supplier<String> {"
                + " public String get() { return "
                + value
                + "; } }")
        .jar(dir.resolve(name + ".jar"));
  }

  private List<String> supplied() {
    List<String> values = new ArrayList<>();
    try {
      ServiceReference<?>[] all =
          assembly.context().getAllServiceReferences(Supplier.class.getName(), null);
      for (ServiceReference<?> reference : all == null ? new ServiceReference<?>[0] : all) {
        Supplier<?> supplier = (Supplier<?>) assembly.context().getService(reference);
        // It may have gone since, with a plug-in that is updated.
        if (supplier != null) {
          values.add(String.valueOf(supplier.get()));
          assembly.context().ungetService(reference);
        }
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    java.util.Collections.sort(values);
    return values;
  }

  @Test
  void everyModuleOfTheSentryIsABundleAndANamedModule() {
    start();
    for (String name : List.of("org.usermem.api", "org.usermem.mm", "org.usermem.sentry")) {
      Bundle bundle = assembly.context().getBundle("core:" + name);
      assertEquals(Bundle.ACTIVE, bundle.getState(), name);
      assertEquals(name, bundle.getSymbolicName());
      assertTrue(ModuleLayer.boot().findModule(name).isPresent());
    }
  }

  @Test
  void aProvidedServiceComesAndGoesWithItsPlugin() {
    start();
    PluginStatus installed = assembly.plugins().install(supplier("acme", "\"one\""));
    assertEquals(PluginState.INSTALLED, installed.state());
    assertEquals(List.of(), supplied());
    PluginStatus started = assembly.plugins().start("acme.jar");
    assertEquals(PluginState.ACTIVE, started.state());
    assertEquals(List.of(Supplier.class.getName()), started.services());
    assertEquals(List.of("one"), supplied());
    assembly.plugins().stop("acme.jar");
    assertEquals(List.of(), supplied());
    assembly.plugins().start("acme.jar");
    assertEquals(List.of("one"), supplied());
    assembly.plugins().uninstall("acme.jar");
    assertEquals(List.of(), supplied());
    assertEquals(List.of(), assembly.plugins().list());
  }

  @Test
  void anUpdateReplacesTheCode() {
    start();
    assembly.plugins().start(assembly.plugins().install(supplier("acme", "\"one\"")).name());
    assembly.plugins().update(supplier("acme", "\"two\""));
    assertEquals(List.of("two"), supplied());
  }

  @Test
  void aRefusedUpdateLeavesTheOldPluginRunning() {
    start();
    assembly.plugins().start(assembly.plugins().install(supplier("acme", "\"one\"")).name());
    Path bad = supplier("acme", "System.getenv(\"HOME\")");
    assertThrows(PluginRefusedException.class, () -> assembly.plugins().update(bad));
    assertEquals(List.of("one"), supplied());
  }

  @Test
  void aPluginIsANamedModuleInALayerOfItsOwn() {
    start();
    assembly
        .plugins()
        .start(
            assembly
                .plugins()
                .install(supplier("acme", "\"\" + A.class.getResourceAsStream(\"A.class\")"))
                .name());
    Bundle bundle = assembly.context().getBundle("plugin:acme.jar/com.acme");
    ServiceReference<?> reference = Objects.requireNonNull(bundle.getRegisteredServices())[0];
    Module module = assembly.context().getService(reference).getClass().getModule();
    assertEquals("com.acme", module.getName());
    assertNotEquals(ModuleLayer.boot(), module.getLayer());
    assertFalse(module.isNativeAccessEnabled());
  }

  @Test
  void theCommandLineConfiguresOverFilesAndTheAssembly() throws IOException {
    Path file = dir.resolve("sentry.properties");
    Files.writeString(file, "com.acme.A/greeting = hello file\ncom.acme.A/size = 7\n");
    AssemblyFile assembled =
        new AssemblyFile(
                "test",
                Policy.standard(),
                List.of(),
                Optional.empty(),
                List.of(),
                Map.of("com.acme.A", Map.of("greeting", "hello", "colour", "red")))
            .withConfiguration(List.of(file.toString(), "com.acme.A/size=8", "com.acme.B/x=a=b"));
    assertEquals(
        Map.of(
            "com.acme.A",
            Map.of("greeting", "hello file", "colour", "red", "size", "8"),
            "com.acme.B",
            Map.of("x", "a=b")),
        assembled.configuration());
    for (String wrong : List.of("greeting=hello", "/x=1", "com.acme.A/=1", "nothing")) {
      assertThrows(
          IllegalArgumentException.class, () -> assembled.withConfiguration(List.of(wrong)), wrong);
    }
  }

  /** A plug-in with a component that tells one of its properties, or all that it says. */
  private Path component(String property) {
    return PluginSource.module("com.acme", "")
        .type(
            "A",
            """
            public class A implements java.util.function.Supplier<String> {
              private String told;
              void activate(java.util.Map<String, Object> p) { told = tell(p.get("%s")); }
              private static String tell(Object value) {
                if (value instanceof Object[] array) {
                  String all = "";
                  for (Object each : array) { all += tell(each) + ";"; }
                  return all;
                }
                switch (value) {
                  case int[] a: return "ints " + java.util.Arrays.toString(a);
                  case long[] a: return "longs " + java.util.Arrays.toString(a);
                  case float[] a: return "floats " + java.util.Arrays.toString(a);
                  case double[] a: return "doubles " + java.util.Arrays.toString(a);
                  case byte[] a: return "bytes " + java.util.Arrays.toString(a);
                  case short[] a: return "shorts " + java.util.Arrays.toString(a);
                  case char[] a: return "chars " + java.util.Arrays.toString(a);
                  case boolean[] a: return "bools " + java.util.Arrays.toString(a);
                  default: break;
                }
                String type =
                    value instanceof Integer ? "int " : value instanceof Long ? "long "
                    : value instanceof Double ? "double " : value instanceof Boolean ? "bool "
                    : value instanceof java.util.Collection ? "several " : "";
                return type + value;
              }
              public String get() { return told; }
            }
            """
                .formatted(property))
        .header("Service-Component", "OSGI-INF/a.xml")
        .entry(
            "OSGI-INF/a.xml",
            """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="com.acme.A" activate="activate">
              <implementation class="com.acme.A"/>
              <service><provide interface="java.util.function.Supplier"/></service>
            </scr:component>
            """
                .getBytes(StandardCharsets.UTF_8))
        .jar(dir.resolve("acme.jar"));
  }

  @Test
  void componentsOfPluginsAreMadeByDeclarativeServices() {
    start(Map.of("com.acme.A", Map.of("greeting", "hello \"you\"")));
    assembly.plugins().start(assembly.plugins().install(component("greeting")).name());
    assertEquals(List.of("hello \"you\""), supplied());
    assembly.plugins().stop("acme.jar");
    assertEquals(List.of(), supplied());
  }

  /** What the JSON of the Configurator says arrives at a component with its type. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'x': 'a=b \\\" c'  | a=b \" c",
        "'x': 7               | long 7",
        "'x:Integer': 7       | int 7",
        "'x:Integer': '7'     | int 7",
        "'x': -0.125          | double -0.125",
        "'x:Float': 1.5       | 1.5",
        "'x': true            | bool true",
        "'x': [1, 2]          | long 1;long 2;",
        "'x': [1, 'b']        | 1;b;",
        "'x:Integer[]': [3]   | int 3;",
        "'x:String[]': []     | ''",
        "'x:Collection<Integer>': [1, 2] | several [1, 2]",
        "'x:Collection': 1    | several [1]",
        "'x': [1, 0.5]        | double 1.0;double 0.5;",
        "'x': {'a': [1, {}]}  | {\"a\":[1,{}]}",
        "'x:int': 7           | int 7",
        "'x:int[]': [1, 2]    | ints [1, 2]",
        "'x:long[]': 3        | longs [3]",
        "'x:float[]': [1.5]   | floats [1.5]",
        "'x:double[]': [1]    | doubles [1.0]",
        "'x:byte[]': [-128]   | bytes [-128]",
        "'x:short[]': [7]     | shorts [7]",
        "'x:char[]': ['a']    | chars [a]",
        "'x:boolean[]': [true, false] | bools [true, false]",
      })
  void jsonConfiguresComponents(String property, String expected) throws IOException {
    Path file = dir.resolve("sentry.json");
    Files.writeString(
        file, "{ \"com.acme.A\": { // of a plug-in\n" + property.replace('\'', '"') + " } }");
    start(AssemblyFile.standard().withConfiguration(List.of(file.toString())).configuration());
    assembly.plugins().start(assembly.plugins().install(component("x")).name());
    assertEquals(List.of(expected), supplied());
  }

  @Test
  void aComponentIsThereOnceForEachInstanceThatIsConfigured() throws IOException {
    Path file = dir.resolve("sentry.json");
    Files.writeString(
        file, "{\"com.acme.A~one\": {\"x\": \"1\"}, \"com.acme.A~more.two\": {\"x\": \"2\"}}");
    start(AssemblyFile.standard().withConfiguration(List.of(file.toString())).configuration());
    assembly.plugins().start(assembly.plugins().install(component("x")).name());
    assertEquals(List.of("1", "2"), supplied().stream().sorted().toList());
  }

  @Test
  void componentsOfPluginsDoNotSeeServicesOutsideTheirLayer() {
    start();
    assembly.context().registerService(Marker.class, new Marker(), null);
    Path jar =
        PluginSource.module("com.acme", "")
            .type(
                "A",
                """
                public class A implements java.util.function.Supplier<String> {
                  private Object marker = "none";
                  void bind(java.util.Map<String, Object> p) { marker = p; }
                  public String get() { return "" + marker; }
                }
                """)
            .header("Service-Component", "OSGI-INF/a.xml")
            .entry(
                "OSGI-INF/a.xml",
                """
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="com.acme.A">
                  <implementation class="com.acme.A"/>
                  <reference name="m" interface="%s" bind="bind" cardinality="0..1"/>
                  <service><provide interface="java.util.function.Supplier"/></service>
                </scr:component>
                """
                    .formatted(Marker.class.getName())
                    .getBytes(StandardCharsets.UTF_8))
            .jar(dir.resolve("acme.jar"));
    assembly.plugins().start(assembly.plugins().install(jar).name());
    assertEquals(List.of("none"), supplied());
  }

  @Test
  void aPluginDoesNotSeeServicesOutsideItsLayer() {
    start();
    assembly.context().registerService(Marker.class, new Marker(), null);
    assembly.context().registerService(Runnable.class, () -> {}, null);
    assembly.plugins().start(assembly.plugins().install(supplier("acme", "\"one\"")).name());
    assembly.plugins().start(assembly.plugins().install(supplier("other", "\"two\"")).name());
    BundleContext context =
        assembly.context().getBundle("plugin:acme.jar/com.acme").getBundleContext();
    assertNull(context.getServiceReference(Marker.class));
    assertEquals(1, supplied(context));
    assertTrue(context.getServiceReference(Runnable.class) != null);
    assertEquals(1, context.getBundles().length);
  }

  private static int supplied(BundleContext context) {
    try {
      return Objects.requireNonNull(context.getAllServiceReferences(Supplier.class.getName(), null))
          .length;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** A class of the sentry that no plug-in may see. */
  static final class Marker {}

  @Test
  void aBundleCannotBeInstalledPastTheHost() throws Exception {
    start();
    String url = supplier("acme", "\"one\"").toUri().toString();
    assertThrows(BundleException.class, () -> assembly.context().installBundle(url));
    assertThrows(
        BundleException.class, () -> assembly.context().installBundle("core:org.usermem.none"));
  }

  @Test
  void rightsAreGrantedAndTold() {
    start(
        new Place(
            Place.Origin.PLUGIN,
            "acme.jar",
            "plugin",
            Set.of("native-access", "io"),
            Optional.empty()));
    PluginStatus status =
        assembly
            .plugins()
            .install(
                PluginSource.module(
                        "com.acme",
                        "requires org.usermem.api; provides java.util.function.Supplier with"
                            + " com.acme.A;")
                    .past("org.usermem.api/org.usermem.io")
                    .type(
                        "A",
                        "public class A implements java.util.function.Supplier<String> { public"
                            + " String get() { return org.usermem.io.IOOpts.values().length + \" \""
                            + " + java.lang.foreign.MemorySegment.NULL.reinterpret(8).byteSize(); }"
                            + " }")
                    .jar(dir.resolve("acme.jar")));
    assertEquals(2, status.grants().size());
    assertTrue(
        events.stream()
            .anyMatch(e -> e.toString().contains("export of org.usermem.api/org.usermem.io")),
        events.toString());
    assembly.plugins().start("acme.jar");
    assertTrue(supplied().getFirst().endsWith(" 8"), supplied().toString());
  }

  @Test
  void whatDoesNotStartIsStoppedAndTold() {
    start();
    Path jar =
        PluginSource.module("com.acme", "provides java.util.function.Supplier with com.acme.A;")
            .type(
                "A",
                "public class A implements java.util.function.Supplier<String> {"
                    + " public A() { throw new IllegalStateException(\"no\"); }"
                    + " public String get() { return null; } }")
            .jar(dir.resolve("acme.jar"));
    assembly.plugins().install(jar);
    PluginException e =
        assertThrows(PluginException.class, () -> assembly.plugins().start("acme.jar"));
    assertTrue(e.getMessage().contains("acme.jar does not start"), e.getMessage());
    assertEquals(PluginState.INSTALLED, assembly.plugins().list().getFirst().state());
    assertInstanceOf(PluginEvent.Failed.class, events.getLast());
    assembly.plugins().uninstall("acme.jar");
  }

  @Test
  void aPluginOfSeveralModulesIsADirectory() {
    start(new Place(Place.Origin.PLUGIN, "acme/lib.jar", "library", Set.of(), Optional.empty()));
    Path unit = dir.resolve("acme");
    Path lib =
        PluginSource.module("com.lib", "exports com.lib;")
            .type(
                "L",
                "public class L { public static String name() { return"
                    + " Thread.currentThread().getName() == null ? \"\" : \"lib\"; } }")
            .jar(unit.resolve("lib.jar"));
    PluginSource.module(
            "com.acme", "requires com.lib; provides java.util.function.Supplier with com.acme.A;")
        .with(lib)
        .type(
            "A",
            "public class A implements java.util.function.Supplier<String> { public String get() {"
                + " return com.lib.L.name(); } }")
        .jar(unit.resolve("acme.jar"));
    PluginStatus status = assembly.plugins().install(unit);
    assertEquals(Map.of("com.acme", "plugin", "com.lib", "library"), status.layers());
    assembly.plugins().start("acme");
    assertEquals(List.of("lib"), supplied());
  }

  @Test
  void theCopiesOfPluginsAreDeleted() throws Exception {
    start();
    Path jar = supplier("acme", "\"one\"");
    assembly.plugins().start(assembly.plugins().install(jar).name());
    Files.delete(jar);
    assertEquals(List.of("one"), supplied());
  }

  @Test
  void aWatchedDirectoryInstallsUpdatesAndUninstalls() throws Exception {
    start();
    Path watched = Files.createDirectory(dir.resolve("watched"));
    Path first = supplier("acme", "\"one\"");
    Files.copy(first, watched.resolve("acme.jar"));
    assembly.watch(watched);
    assertEquals(List.of("one"), supplied());
    Files.move(supplier("acme", "\"second\""), watched.resolve("acme.jar"), REPLACE_EXISTING);
    await(List.of("second"));
    Files.move(supplier("other", "\"other\""), watched.resolve("other.jar"));
    await(List.of("other", "second"));
    Files.delete(watched.resolve("acme.jar"));
    await(List.of("other"));
    Files.move(
        supplier("other", "System.getenv(\"HOME\")"),
        watched.resolve("other.jar"),
        REPLACE_EXISTING);
    for (int i = 0; i < 500 && events.stream().noneMatch(this::isViolation); i++) {
      Thread.sleep(10);
    }
    assertEquals(List.of("other"), supplied());
  }

  private boolean isViolation(PluginEvent event) {
    return event instanceof PluginEvent.Violated;
  }

  private void await(List<String> expected) throws InterruptedException {
    for (int i = 0; i < 1000 && !supplied().equals(expected); i++) {
      Thread.sleep(10);
    }
    assertEquals(expected, supplied());
  }
}
