package org.usermem.sentry.boundary;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.hooks.service.ListenerHook;
import org.usermem.sentry.boundary.Placements.Placed;

/**
 * Hides services from the bundles whose layer may not see them. To such a bundle the service does
 * not exist: it neither finds it nor hears of it. Services of other plug-ins are hidden too.
 */
public final class ServiceSight implements FindHook, EventListenerHook {

  private static final String CONFIGURATION_ADMIN = "org.osgi.service.cm.ConfigurationAdmin";

  private final Placements placements;
  private final boolean configured;

  /**
   * Makes the hook.
   *
   * @param placements where bundles are placed
   * @param configured whether there are configurations of components. The component run time looks
   *     for them in the name of the bundle that has the component; where there are none, it is not
   *     shown Configuration Admin, because the framework remembers a bundle that has used it.
   */
  public ServiceSight(Placements placements, boolean configured) {
    this.placements = placements;
    this.configured = configured;
  }

  @Override
  public void find(
      BundleContext context,
      @Nullable String name,
      @Nullable String filter,
      boolean allServices,
      Collection<ServiceReference<?>> references) {
    Bundle looking = context.getBundle();
    references.removeIf(r -> !maySee(looking, r));
  }

  @Override
  public void event(
      ServiceEvent event, Map<BundleContext, Collection<ListenerHook.ListenerInfo>> listeners) {
    listeners.keySet().removeIf(c -> !maySee(c.getBundle(), event.getServiceReference()));
  }

  private boolean maySee(Bundle looking, ServiceReference<?> reference) {
    if (placements.isTrusted(looking)) {
      return true;
    }
    Bundle owner = reference.getBundle();
    if (owner == null) {
      return false;
    }
    if (owner.equals(looking) || placements.samePlugin(owner, looking)) {
      return true;
    }
    Optional<Placed> placed = placements.find(looking);
    if (placed.isEmpty() || !placements.isTrusted(owner)) {
      return false;
    }
    // A service under several interfaces is seen only if each of them may be.
    String[] interfaces = (String[]) reference.getProperty(Constants.OBJECTCLASS);
    for (String name : interfaces) {
      boolean configuration = configured && name.equals(CONFIGURATION_ADMIN);
      if (!configuration && !placed.get().placement().layer().maySee(name)) {
        return false;
      }
    }
    return true;
  }
}
