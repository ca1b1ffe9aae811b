package org.usermem.itests.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.usermem.itests.BuiltModules;

/** The module graph, read from the descriptors in the jars. */
class ModulesTest {

  private static final String API = "org.usermem.api";
  private static final String PLATFORM = "org.usermem.platform";
  private static final String MM = "org.usermem.mm";
  private static final String FS = "org.usermem.fs";
  private static final String KERNEL = "org.usermem.kernel";
  private static final String LINUX = "org.usermem.linux";
  private static final String SENTRY = "org.usermem.sentry";

  /** Who may see the memory of a program by address. */
  private static final Set<String> CORE = Set.of(MM, KERNEL, LINUX, SENTRY);

  /** What each module may require of usermem. */
  private static final Map<String, Set<String>> MAY_REQUIRE =
      Map.of(
          API, Set.of(),
          PLATFORM, Set.of(API),
          MM, Set.of(API, PLATFORM),
          FS, Set.of(API),
          KERNEL, Set.of(API, PLATFORM, MM, FS),
          LINUX, Set.of(API, PLATFORM, MM, FS, KERNEL),
          SENTRY, Set.of(API, PLATFORM, MM, FS, KERNEL, LINUX));

  static List<String> modules() {
    return BuiltModules.NAMES;
  }

  @Test
  void testsRunInsideANamedModule() {
    assertEquals("org.usermem.itests", getClass().getModule().getName());
  }

  @ParameterizedTest
  @MethodSource("modules")
  void theJarIsAModuleWithADescriptorOfItsOwn(String name) {
    ModuleDescriptor descriptor = BuiltModules.descriptor(name);
    assertFalse(descriptor.isAutomatic(), "automatic");
    assertFalse(descriptor.isOpen(), "open to reflection");
    assertEquals(Set.of(), descriptor.opens(), "opened to reflection");
  }

  @ParameterizedTest
  @MethodSource("modules")
  void requiresOnlyTheLayersBelow(String name) {
    Set<String> required = new TreeSet<>();
    requirements(name).filter(other -> other.startsWith("org.usermem.")).forEach(required::add);
    required.removeAll(MAY_REQUIRE.get(name));
    assertEquals(Set.of(), required, name + " requires modules that are not below it");
  }

  @ParameterizedTest
  @MethodSource("modules")
  void requiresNothingFromOutsideButTheAssembly(String name) {
    Set<String> required = new TreeSet<>();
    requirements(name).filter(other -> !other.startsWith("org.usermem.")).forEach(required::add);
    required.remove("java.base");
    required.remove("jdk.jfr");
    if (!name.equals(SENTRY)) {
      assertEquals(Set.of(), required, name + " requires modules of others");
    }
  }

  @Test
  void onlyTheCoreIsGivenAccessByAddress() {
    assertEquals(
        CORE,
        BuiltModules.descriptor(API).exports().stream()
            .filter(export -> export.source().equals("org.usermem.io"))
            .findFirst()
            .orElseThrow()
            .targets());
  }

  @ParameterizedTest
  @MethodSource("modules")
  void whatIsNotExportedToAllIsExportedToLayersAboveOnly(String name) {
    for (ModuleDescriptor.Exports export : BuiltModules.descriptor(name).exports()) {
      for (String target : export.targets()) {
        assertEquals(
            true,
            MAY_REQUIRE.getOrDefault(target, Set.of()).contains(name),
            name + " exports " + export.source() + " to " + target + ", which is not above it");
      }
    }
  }

  private static Stream<String> requirements(String name) {
    return BuiltModules.descriptor(name).requires().stream()
        .filter(required -> !required.modifiers().contains(Requires.Modifier.STATIC))
        .map(Requires::name);
  }
}
