package org.usermem.sentry.install;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.usermem.platform.PlatformProvider;

/**
 * Registers what a plug-in's module declarations provide: {@code provides FileSystemType with ...}
 * makes a service without any OSGi in the plug-in. Declarative Services are the other way.
 */
final class ProvidedServices {

  private final List<Class<?>> types;

  /**
   * Makes it.
   *
   * @param types the interfaces that plug-ins may provide
   */
  ProvidedServices(List<Class<?>> types) {
    this.types = List.copyOf(types);
    Module own = ProvidedServices.class.getModule();
    types.forEach(own::addUses);
  }

  /** Makes and registers the providers of one module of a plug-in, through its own bundle. */
  void register(ModuleLayer layer, Module module, Bundle bundle) {
    BundleContext context = bundle.getBundleContext();
    for (Class<?> type : types) {
      register(layer, module, context, type);
    }
  }

  private static <T> void register(
      ModuleLayer layer, Module module, BundleContext context, Class<T> type) {
    Set<String> provided =
        Set.copyOf(
            module.getDescriptor().provides().stream()
                .filter(p -> p.service().equals(type.getName()))
                .flatMap(p -> p.providers().stream())
                .toList());
    if (provided.isEmpty()) {
      return;
    }
    ServiceLoader.load(layer, type).stream()
        .filter(p -> p.type().getModule().equals(module))
        .forEach(
            p -> {
              T service = p.get();
              context.registerService(
                  type, service, FrameworkUtil.asDictionary(properties(service)));
            });
  }

  /** A platform is chosen by a property with its name. */
  private static Map<String, Object> properties(Object service) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("usermem.provider", service.getClass().getName());
    if (service instanceof PlatformProvider platform) {
      properties.put("usermem.platform", platform.name());
    }
    return properties;
  }
}
