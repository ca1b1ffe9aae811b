package org.usermem.sentry.assembly;

import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.usermem.sentry.connect.BundleHeaders;
import org.usermem.sentry.connect.BundleLocation;
import org.usermem.sentry.connect.ModuleBundle;

/**
 * The bundles of OSGi itself that an assembly needs besides the framework: Declarative Services,
 * Configuration Admin, the shell, and their libraries. They are automatic modules, so they are kept
 * out of the module graph that every sentry starts with and are defined in a layer of their own.
 */
final class OsgiRuntime {

  /** The component run time. */
  static final String COMPONENTS = "org.apache.felix.scr";

  /** Configuration Admin. */
  static final String CONFIGURATION = "org.apache.felix.configadmin";

  private static final List<String> NEEDED =
      List.of(
          "org.osgi.util.function",
          "org.osgi.util.promise",
          "org.osgi.service.component",
          CONFIGURATION,
          COMPONENTS);

  private final ModuleLayer layer;

  private OsgiRuntime(ModuleLayer layer) {
    this.layer = layer;
  }

  /**
   * Finds the jars and defines their modules. They are looked for in the directory {@code osgi}
   * next to the classes of the sentry, then on the module path and the class path.
   *
   * @throws AssemblyException if one of them is not there
   */
  static OsgiRuntime define() {
    Set<Path> jars = new LinkedHashSet<>();
    for (String name : NEEDED) {
      jars.add(find(name));
    }
    ModuleLayer boot = ModuleLayer.boot();
    try {
      Configuration resolved =
          Configuration.resolve(
              ModuleFinder.of(jars.toArray(Path[]::new)),
              List.of(boot.configuration()),
              ModuleFinder.of(),
              NEEDED);
      ClassLoader platform = ClassLoader.getPlatformClassLoader();
      return new OsgiRuntime(
          ModuleLayer.defineModulesWithOneLoader(resolved, List.of(boot), platform).layer());
    } catch (FindException | ResolutionException | LayerInstantiationException e) {
      throw new AssemblyException("the OSGi run time does not resolve: " + e.getMessage(), e);
    }
  }

  private static Path find(String name) {
    for (Path place : places()) {
      Optional<Path> found =
          Files.isDirectory(place) ? inDirectory(place, name) : ifNamed(place, name);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new AssemblyException(
        "plug-ins need the jar of " + name + ", which is not in " + places(), null);
  }

  private static List<Path> places() {
    List<Path> places = new ArrayList<>();
    ModuleLayer.boot()
        .configuration()
        .findModule(OsgiRuntime.class.getModule().getName())
        .map(ResolvedModule::reference)
        .flatMap(ModuleReference::location)
        .ifPresent(uri -> addNeighbours(uri, places));
    addPaths(System.getProperty("jdk.module.path"), places);
    addPaths(System.getProperty("java.class.path"), places);
    return places;
  }

  /** Beside target/classes in a build, beside the directory of the jars elsewhere. */
  private static void addNeighbours(URI sentry, List<Path> places) {
    if (!"file".equals(sentry.getScheme())) {
      return;
    }
    Path location = Path.of(sentry);
    Path beside = Files.isDirectory(location) ? location : location.getParent();
    if (beside != null) {
      places.add(beside.resolveSibling("osgi"));
    }
  }

  private static void addPaths(@Nullable String path, List<Path> places) {
    if (path != null) {
      for (String entry : path.split(File.pathSeparator, -1)) {
        if (!entry.isEmpty()) {
          places.add(Path.of(entry));
        }
      }
    }
  }

  private static Optional<Path> inDirectory(Path directory, String name) {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, name + "-*.jar")) {
      for (Path jar : jars) {
        Optional<Path> found = ifNamed(jar, name);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new AssemblyException("cannot read " + directory, e);
    }
  }

  private static Optional<Path> ifNamed(Path jar, String name) {
    boolean named = String.valueOf(jar.getFileName()).matches(name + "-[0-9][^-]*\\.jar");
    return named && Files.isRegularFile(jar) ? Optional.of(jar) : Optional.empty();
  }

  /** Returns the module of the component run time. */
  Module components() {
    return layer.findModule(COMPONENTS).orElseThrow();
  }

  /** Returns the modules as bundles, those that others need first. */
  List<ModuleBundle> bundles() {
    return NEEDED.stream().map(this::bundle).toList();
  }

  private ModuleBundle bundle(String name) {
    ModuleReference reference = layer.configuration().findModule(name).orElseThrow().reference();
    return new ModuleBundle(
        new BundleLocation(BundleLocation.Origin.OSGI, name),
        layer.findModule(name).orElseThrow(),
        reference,
        BundleHeaders.manifest(reference));
  }
}
