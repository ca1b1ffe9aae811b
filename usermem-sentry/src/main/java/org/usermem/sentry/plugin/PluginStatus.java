package org.usermem.sentry.plugin;

import java.util.List;
import java.util.Map;
import org.usermem.sentry.check.Violation;
import org.usermem.sentry.grant.Grant;

/**
 * A plug-in as it was at one moment.
 *
 * @param name the name of its file or directory
 * @param state what has become of it
 * @param layers the layer of each of its modules, by module name
 * @param grants what its modules were granted
 * @param reported what the check let pass and reported
 * @param services the interfaces that it has services registered under
 */
public record PluginStatus(
    String name,
    PluginState state,
    Map<String, String> layers,
    List<Grant> grants,
    List<Violation> reported,
    List<String> services) {

  /** Copies the collections. */
  public PluginStatus {
    layers = Map.copyOf(layers);
    grants = List.copyOf(grants);
    reported = List.copyOf(reported);
    services = List.copyOf(services);
  }
}
