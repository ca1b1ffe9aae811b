package org.usermem.sentry.connect;

import java.io.File;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleException;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/**
 * Connects bundles to modules of module layers. A location that was not added here is refused, so
 * nothing can be installed that has not come this way.
 *
 * <p>Safe for use by several threads.
 */
public final class LayerConnector implements ModuleConnector {

  private final Map<String, ModuleBundle> byLocation = new ConcurrentHashMap<>();

  /** Makes a connector that knows no module. */
  public LayerConnector() {}

  /**
   * Adds a module, so that a bundle can be installed from its location.
   *
   * @param bundle the module
   * @throws IllegalStateException if there is one at that location
   */
  public void add(ModuleBundle bundle) {
    if (byLocation.putIfAbsent(bundle.location().toString(), bundle) != null) {
      throw new IllegalStateException("there is a module at " + bundle.location());
    }
  }

  /**
   * Forgets a module. The framework must have let go of its bundle.
   *
   * @param location the module's location
   */
  public void remove(BundleLocation location) {
    byLocation.remove(location.toString());
  }

  /**
   * Finds a module.
   *
   * @param location its location
   * @return the module, or nothing if none is there
   */
  public Optional<ModuleBundle> find(BundleLocation location) {
    return Optional.ofNullable(byLocation.get(location.toString()));
  }

  @Override
  public void initialize(File storage, Map<String, String> configuration) {}

  @Override
  public Optional<ConnectModule> connect(String location) throws BundleException {
    ModuleBundle bundle = byLocation.get(location);
    if (bundle == null) {
      throw new BundleException(
          "nothing is known at the location '"
              + location
              + "'; plug-ins are installed by the host");
    }
    return Optional.of(bundle);
  }

  @Override
  public Optional<BundleActivator> newBundleActivator() {
    return Optional.empty();
  }
}
