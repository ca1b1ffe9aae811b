package org.usermem.sentry.assembly;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ResolvedModule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.usermem.sentry.check.Violation;
import org.usermem.sentry.grant.Grant;
import org.usermem.sentry.plugin.PluginStatus;
import org.usermem.sentry.policy.Policy;

/** What is to be seen of an assembly: its module graph, its services and the rights it granted. */
final class AssemblyFacts {

  private AssemblyFacts() {}

  /** Returns a line a module: its layer, and what it requires of the sentry or of a plug-in. */
  static List<String> modules(Policy policy, List<PluginStatus> plugins, List<Module> modules) {
    List<String> lines = new ArrayList<>();
    for (ResolvedModule core : ModuleLayer.boot().configuration().modules()) {
      if (core.name().startsWith("org.usermem.")) {
        String layer = policy.placeCore(core.name()).map(p -> p.layer().name()).orElse("none");
        lines.add(line(core.name(), layer, core.reference().descriptor()));
      }
    }
    lines.sort(Comparator.naturalOrder());
    for (Module module : modules) {
      String layer =
          plugins.stream()
              .filter(p -> p.layers().containsKey(module.getName()))
              .map(p -> p.layers().get(module.getName()) + ", plug-in " + p.name())
              .findFirst()
              .orElse("none");
      lines.add(line(module.getName(), layer, module.getDescriptor()));
    }
    return lines;
  }

  private static String line(String name, String layer, ModuleDescriptor descriptor) {
    String required =
        descriptor.requires().stream()
            .filter(r -> !r.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
            .map(ModuleDescriptor.Requires::name)
            .filter(n -> !n.startsWith("java."))
            .sorted()
            .collect(Collectors.joining(", "));
    return name + " (" + layer + ")" + (required.isEmpty() ? "" : " -> " + required);
  }

  /** Returns a line a service: its interfaces and the bundle that registered it. */
  static List<String> services(BundleContext context) {
    TreeSet<String> lines = new TreeSet<>();
    for (Bundle bundle : context.getBundles()) {
      ServiceReference<?>[] registered = bundle.getRegisteredServices();
      if (registered != null) {
        for (ServiceReference<?> reference : registered) {
          String[] interfaces = (String[]) reference.getProperty(Constants.OBJECTCLASS);
          lines.add(String.join(", ", interfaces) + " by " + bundle.getLocation());
        }
      }
    }
    return List.copyOf(lines);
  }

  /** Returns a line a right that was granted, and a line a use of one that was let pass. */
  static List<String> rights(List<PluginStatus> plugins) {
    List<String> lines = new ArrayList<>();
    for (PluginStatus plugin : plugins) {
      plugin.grants().stream().map(Grant::toString).forEach(lines::add);
      plugin.reported().stream().map(Violation::toString).forEach(lines::add);
    }
    return lines;
  }
}
