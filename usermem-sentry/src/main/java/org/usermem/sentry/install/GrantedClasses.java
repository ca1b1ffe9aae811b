package org.usermem.sentry.install;

import java.util.Map;
import org.usermem.sentry.policy.Right.PackageExport;

/**
 * The parent of a plug-in's loaders where its policy exports packages to it. A loader of a module
 * layer knows the packages that were exported when the layer was defined; those that are granted
 * after that are found here, and nothing else.
 */
final class GrantedClasses extends ClassLoader {

  private final Map<String, ClassLoader> byPackage;

  /**
   * Makes the loader.
   *
   * @param byPackage for each granted package, the loader of the module that has it
   */
  GrantedClasses(Map<String, ClassLoader> byPackage) {
    super("granted", null);
    this.byPackage = Map.copyOf(byPackage);
  }

  /** Returns the loader of a core module's classes. */
  static ClassLoader loaderOf(PackageExport export) {
    return ModuleLayer.boot().findLoader(export.module());
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    int dot = name.lastIndexOf('.');
    ClassLoader loader = dot < 0 ? null : byPackage.get(name.substring(0, dot));
    if (loader == null) {
      throw new ClassNotFoundException(name);
    }
    return loader.loadClass(name);
  }
}
