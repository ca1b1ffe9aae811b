package org.usermem.sentry.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The modules that a plug-in meets: those of the JDK and those of the sentry. Plug-ins may not take
 * their names or packages, and their class files tell what a plug-in's classes inherit.
 *
 * <p>Safe for use by several threads, once it has been made.
 */
public final class CoreModules {

  private final Map<String, ModuleReference> byName;
  private final Map<String, String> ownerOfPackage = new HashMap<>();

  private CoreModules(Map<String, ModuleReference> byName) {
    this.byName = byName;
    byName.forEach(
        (name, reference) ->
            reference.descriptor().packages().forEach(p -> ownerOfPackage.put(p, name)));
  }

  /**
   * Returns the modules of the running JVM: its JDK's and those it was started with.
   *
   * @return the modules
   */
  public static CoreModules ofThisJvm() {
    return of(
        ModuleLayer.boot().configuration().modules().stream()
            .map(ResolvedModule::reference)
            .toList());
  }

  /**
   * Returns the JDK's modules and some more.
   *
   * @param more modules to add
   * @return the modules
   */
  public static CoreModules of(Collection<ModuleReference> more) {
    Map<String, ModuleReference> all = new LinkedHashMap<>();
    ModuleFinder.ofSystem().findAll().forEach(r -> all.put(r.descriptor().name(), r));
    more.forEach(r -> all.put(r.descriptor().name(), r));
    return new CoreModules(all);
  }

  /**
   * Tells whether a module of this name is there.
   *
   * @param module the name
   * @return true if it is
   */
  public boolean contains(String module) {
    return byName.containsKey(module);
  }

  /**
   * Finds the module that has a package.
   *
   * @param packageName the package
   * @return the module's name
   */
  public Optional<String> ownerOf(String packageName) {
    return Optional.ofNullable(ownerOfPackage.get(packageName));
  }

  /** Reads the class file of a class of these modules, or nothing if there is none. */
  Optional<ClassFacts> facts(String className) {
    String owner = ownerOfPackage.get(ClassFacts.packageOf(className));
    ModuleReference reference = owner == null ? null : byName.get(owner);
    if (reference == null) {
      return Optional.empty();
    }
    try (ModuleReader reader = reference.open()) {
      Optional<InputStream> found = reader.open(className.replace('.', '/') + ".class");
      if (found.isEmpty()) {
        return Optional.empty();
      }
      try (InputStream in = found.get()) {
        return Optional.of(ClassFileReader.read(in.readAllBytes()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + className + " of module " + owner, e);
    }
  }
}
