package org.usermem.itests.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.usermem.itests.BuiltModules;

/**
 * Every jar is an OSGi bundle, and a framework reads from its manifest what the module system reads
 * from its descriptor. A qualified export is a plain export to OSGi: who may wire to it is asked of
 * the module descriptor, which is the only place that says so.
 */
class BundlesTest {

  private static final Map<String, Bundle> BUNDLES = new TreeMap<>();

  @TempDir private static Path storage;
  private static Framework framework;

  @BeforeAll
  static void installEveryJar() throws BundleException, IOException {
    framework =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(Map.of(Constants.FRAMEWORK_STORAGE, storage.toString()));
    framework.start();
    try (Stream<Path> files = Files.list(BuiltModules.modulePath())) {
      for (Path jar : files.filter(BundlesTest::isBundle).toList()) {
        Bundle bundle = framework.getBundleContext().installBundle(jar.toUri().toString());
        BUNDLES.put(bundle.getSymbolicName(), bundle);
      }
    }
  }

  @AfterAll
  static void stop() throws BundleException, InterruptedException {
    framework.stop();
    framework.waitForStop(0);
  }

  static List<String> modules() {
    return BuiltModules.NAMES;
  }

  @ParameterizedTest
  @MethodSource("modules")
  void theSymbolicNameIsTheModuleName(String name) {
    assertTrue(BUNDLES.containsKey(name), "bundles: " + BUNDLES.keySet());
    assertEquals(new Version("0.1.0"), BUNDLES.get(name).getVersion());
    assertEquals("2", BUNDLES.get(name).getHeaders().get(Constants.BUNDLE_MANIFESTVERSION));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void theBundleExportsThePackagesOfTheModule(String name) {
    Map<String, Object> versions = new TreeMap<>();
    for (BundleCapability export :
        BUNDLES
            .get(name)
            .adapt(BundleRevision.class)
            .getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE)) {
      versions.put(
          (String) export.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE),
          export.getAttributes().get(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE));
    }
    assertEquals(BuiltModules.exportedPackages(name), versions.keySet());
    versions.forEach(
        (packageName, version) ->
            assertTrue(
                new Version("0.1.0").compareTo((Version) version) <= 0,
                packageName + " has no version of its own: " + version));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void annotationsOfTheBuildAreNotImported(String name) {
    for (BundleRequirement imported :
        BUNDLES
            .get(name)
            .adapt(BundleRevision.class)
            .getDeclaredRequirements(PackageNamespace.PACKAGE_NAMESPACE)) {
      String filter = imported.getDirectives().get(Constants.FILTER_DIRECTIVE);
      assertTrue(!filter.contains("annotation"), filter);
    }
  }

  @ParameterizedTest
  @MethodSource("modules")
  void theJarHasNoClassPathOfItsOwn(String name) {
    assertNull(BUNDLES.get(name).getHeaders().get(Constants.BUNDLE_CLASSPATH));
    assertNull(BUNDLES.get(name).getHeaders().get("Class-Path"));
  }

  @Test
  void aFrameworkResolvesTheBundlesTogether() {
    framework.adapt(FrameworkWiring.class).resolveBundles(BUNDLES.values());
    Set<String> unresolved = new TreeSet<>(BuiltModules.NAMES);
    unresolved.removeIf(name -> BUNDLES.get(name).getState() == Bundle.RESOLVED);
    assertEquals(Set.of(), unresolved, "bundles that do not resolve");
  }

  private static boolean isBundle(Path file) {
    String name = String.valueOf(file.getFileName());
    // The framework is itself a bundle already: the system bundle.
    if (!name.endsWith(".jar") || name.startsWith("org.apache.felix.framework-")) {
      return false;
    }
    try (JarFile jar = new JarFile(file.toFile())) {
      return jar.getManifest() != null
          && jar.getManifest().getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME) != null;
    } catch (IOException e) {
      throw new AssertionError("can't read " + file, e);
    }
  }
}
