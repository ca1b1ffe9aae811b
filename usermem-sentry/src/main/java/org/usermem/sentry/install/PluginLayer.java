package org.usermem.sentry.install;

import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.usermem.sentry.check.Candidate;
import org.usermem.sentry.plugin.PluginException;
import org.usermem.sentry.policy.Right.PackageExport;

/** Defines the module layer of one plug-in. */
final class PluginLayer {

  private PluginLayer() {}

  /**
   * Defines modules in a layer of their own, one loader a module. The loaders have no parent but
   * for what was granted: what a module can load is what it reads, not what happens to be on the
   * sentry's module path.
   *
   * @param plugin the plug-in's name, for messages
   * @param candidates its modules
   * @param granted packages that it is granted beyond those that are exported to everybody
   * @throws PluginException if a module that one of them requires is not there
   */
  static ModuleLayer.Controller define(
      String plugin, List<Candidate> candidates, List<PackageExport> granted) {
    ModuleLayer parent = ModuleLayer.boot();
    Finder finder = new Finder(candidates, granted);
    try {
      Configuration resolved =
          Configuration.resolve(
              finder, List.of(parent.configuration()), ModuleFinder.of(), finder.byName.keySet());
      return ModuleLayer.defineModulesWithManyLoaders(
          resolved, List.of(parent), parentLoader(granted));
    } catch (FindException | ResolutionException | LayerInstantiationException e) {
      throw new PluginException("plug-in " + plugin + " does not resolve: " + e.getMessage(), e);
    }
  }

  private static @Nullable ClassLoader parentLoader(List<PackageExport> granted) {
    if (granted.isEmpty()) {
      return null;
    }
    Map<String, ClassLoader> byPackage = new HashMap<>();
    granted.forEach(e -> byPackage.put(e.packageName(), GrantedClasses.loaderOf(e)));
    return new GrantedClasses(byPackage);
  }

  /** Finds the modules that were checked, and no others. */
  private static final class Finder implements ModuleFinder {

    private final Map<String, ModuleReference> byName = new HashMap<>();

    Finder(List<Candidate> candidates, List<PackageExport> granted) {
      candidates.forEach(c -> byName.put(c.name(), LateExports.of(c.reference(), granted)));
    }

    @Override
    public Optional<ModuleReference> find(String name) {
      return Optional.ofNullable(byName.get(name));
    }

    @Override
    public Set<ModuleReference> findAll() {
      return Set.copyOf(byName.values());
    }
  }
}
