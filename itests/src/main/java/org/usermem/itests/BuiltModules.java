package org.usermem.itests;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The modules as the build left them: the module path that {@code ./usermem} runs from. */
public final class BuiltModules {

  /** The modules of usermem, lowest first. */
  public static final List<String> NAMES =
      List.of(
          "org.usermem.api",
          "org.usermem.platform",
          "org.usermem.mm",
          "org.usermem.fs",
          "org.usermem.kernel",
          "org.usermem.linux",
          "org.usermem.sentry");

  private BuiltModules() {}

  /** Returns the root of the source tree. */
  public static Path sourceTree() {
    return property("usermem.root");
  }

  /** Returns the directory that holds the jar of every module that a sentry needs. */
  public static Path modulePath() {
    return property("usermem.modules");
  }

  /** Returns what somebody needs to compile a module that requires one of usermem. */
  public static List<Path> compilePath() {
    return List.of(modulePath(), property("usermem.jspecify"));
  }

  /** Returns the jar of a module. */
  public static Path jar(String moduleName) {
    return Path.of(reference(moduleName).location().orElseThrow());
  }

  /** Returns the descriptor that was compiled into the jar of a module. */
  public static ModuleDescriptor descriptor(String moduleName) {
    return reference(moduleName).descriptor();
  }

  /** Returns the packages that a module exports, to all or to some. */
  public static Set<String> exportedPackages(String moduleName) {
    Set<String> packages = new TreeSet<>();
    descriptor(moduleName).exports().forEach(export -> packages.add(export.source()));
    return packages;
  }

  private static ModuleReference reference(String moduleName) {
    return ModuleFinder.of(modulePath())
        .find(moduleName)
        .orElseThrow(
            () -> new AssertionError("no jar of module " + moduleName + " in " + modulePath()));
  }

  private static Path property(String name) {
    return Path.of(
        Objects.requireNonNull(System.getProperty(name), "the build sets the property " + name));
  }
}
