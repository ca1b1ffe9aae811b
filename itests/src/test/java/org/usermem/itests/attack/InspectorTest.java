package org.usermem.itests.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.itests.BuiltModules;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.assembly.AssemblyFile;
import org.usermem.sentry.check.Violation;
import org.usermem.sentry.plugin.PluginRefusedException;
import org.usermem.sentry.plugin.PluginStatus;
import org.usermem.sentry.policy.Place;
import org.usermem.sentry.policy.Policy;

/**
 * The layer of debuggers: the same jar is refused among the plug-ins, and works on address spaces
 * where the assembly places it among the inspectors. It gets nothing else there.
 */
class InspectorTest {

  private static final String INSPECTOR =
      """
      public class A implements java.util.concurrent.Callable<Object> {
        public Object call() {
          return org.usermem.mm.MemoryManager.class.getSimpleName()
              + " " + org.usermem.kernel.Task.class.getSimpleName()
              + " " + org.usermem.io.IOOpts.IGNORE_PERMISSIONS;
        }
      }
      """;

  @TempDir private Path dir;

  private Path inspector(String call) {
    return PluginSource.module(
            "com.acme.inspector",
            "requires org.usermem.mm; requires org.usermem.kernel;"
                + " provides java.util.concurrent.Callable with com.acme.inspector.A;")
        .type("A", call)
        .past("org.usermem.mm/org.usermem.mm")
        .past("org.usermem.kernel/org.usermem.kernel")
        .past("org.usermem.api/org.usermem.io")
        .with(BuiltModules.modulePath())
        .jar(dir.resolve("inspector.jar"));
  }

  private static Assembly start(Place... places) {
    return Assembly.start(
        new AssemblyFile(
            "test",
            Policy.standard().withPlaces(List.of(places)),
            List.of(),
            Optional.empty(),
            List.of(),
            Map.of()),
        List.of(Callable.class),
        e -> {});
  }

  private static Place asInspector() {
    return new Place(Place.Origin.PLUGIN, "inspector.jar", "inspector", Set.of(), Optional.empty());
  }

  @Test
  void isRefusedAmongThePlugins() {
    Path jar = inspector(INSPECTOR);
    try (Assembly assembly = start()) {
      PluginRefusedException e =
          assertThrows(PluginRefusedException.class, () -> assembly.plugins().install(jar));
      assertTrue(
          e.report().violations().stream()
              .map(Violation::toString)
              .anyMatch(line -> line.contains("org.usermem.mm.MemoryManager")),
          e.getMessage());
    }
  }

  @Test
  void worksOnAddressSpacesWhereItIsPlaced() throws Exception {
    Path jar = inspector(INSPECTOR);
    try (Assembly assembly = start(asInspector())) {
      List<Callable<?>> callables = new ArrayList<>();
      assembly.follow(Callable.class, callables::add, callables::remove);
      PluginStatus status = assembly.plugins().start(assembly.plugins().install(jar).name());
      assertEquals("inspector", status.layers().get("com.acme.inspector"));
      assertEquals("MemoryManager Task IGNORE_PERMISSIONS", callables.getFirst().call());
      assertTrue(
          assembly.describeRights().stream().anyMatch(line -> line.contains("org.usermem.mm")),
          assembly.describeRights()::toString);
    }
  }

  @Test
  void getsNothingElse() {
    Path jar =
        inspector(
            """
            public class A implements java.util.concurrent.Callable<Object> {
              public Object call() throws Exception {
                return java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/mem"));
              }
            }
            """);
    try (Assembly assembly = start(asInspector())) {
      assertThrows(PluginRefusedException.class, () -> assembly.plugins().install(jar));
    }
  }
}
