package org.usermem.sentry.install;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.usermem.sentry.check.Candidate;
import org.usermem.sentry.check.Violation;
import org.usermem.sentry.connect.BundleLocation;
import org.usermem.sentry.connect.ModuleBundle;
import org.usermem.sentry.grant.Grant;
import org.usermem.sentry.plugin.PluginState;
import org.usermem.sentry.plugin.PluginStatus;

/** A plug-in that was let in. Everything here is guarded by the lock of its host. */
final class InstalledPlugin {

  private final String name;
  private final Path copy;
  private final ModuleLayer layer;
  private final List<ModuleBundle> modules;
  private final Map<String, String> layers = new LinkedHashMap<>();
  private final List<Bundle> bundles = new ArrayList<>();
  private final List<Grant> grants = new ArrayList<>();
  private final List<Violation> reported;
  private PluginState state = PluginState.INSTALLED;

  InstalledPlugin(
      String name,
      Path copy,
      ModuleLayer layer,
      List<Candidate> candidates,
      List<ModuleBundle> modules,
      List<Violation> reported) {
    this.name = name;
    this.copy = copy;
    this.layer = layer;
    this.modules = List.copyOf(modules);
    this.reported = List.copyOf(reported);
    for (Candidate candidate : candidates) {
      candidate.placement().ifPresent(p -> layers.put(candidate.name(), p.layer().name()));
    }
  }

  String name() {
    return name;
  }

  Path copy() {
    return copy;
  }

  ModuleLayer layer() {
    return layer;
  }

  List<ModuleBundle> modules() {
    return modules;
  }

  List<BundleLocation> locations() {
    return modules.stream().map(ModuleBundle::location).toList();
  }

  /** Returns its bundles, in the order in which they are started. */
  List<Bundle> bundles() {
    return bundles;
  }

  List<Grant> grants() {
    return grants;
  }

  PluginState state() {
    return state;
  }

  void become(PluginState next) {
    state = next;
  }

  PluginStatus status() {
    List<String> services = new ArrayList<>();
    for (Bundle bundle : bundles) {
      ServiceReference<?>[] registered = bundle.getRegisteredServices();
      if (registered != null) {
        for (ServiceReference<?> reference : registered) {
          services.addAll(List.of((String[]) reference.getProperty(Constants.OBJECTCLASS)));
        }
      }
    }
    return new PluginStatus(name, state, layers, grants, reported, services);
  }
}
