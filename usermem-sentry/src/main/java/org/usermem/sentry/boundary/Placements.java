package org.usermem.sentry.boundary;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.usermem.sentry.connect.BundleLocation;
import org.usermem.sentry.policy.Placement;

/**
 * Which bundle is placed where. Bundles of the sentry itself are not in here: they are trusted.
 *
 * <p>Safe for use by several threads.
 */
public final class Placements {

  private final Map<String, Placed> byLocation = new ConcurrentHashMap<>();

  /** Makes an empty table. */
  public Placements() {}

  /**
   * Where a bundle of a plug-in is placed.
   *
   * @param plugin the plug-in that it belongs to
   * @param placement its layer and rights
   */
  public record Placed(String plugin, Placement placement) {}

  /**
   * Adds a bundle of a plug-in, before it is installed.
   *
   * @param location its location
   * @param plugin the plug-in that it belongs to
   * @param placement its layer and rights
   */
  public void add(BundleLocation location, String plugin, Placement placement) {
    byLocation.put(location.toString(), new Placed(plugin, placement));
  }

  /**
   * Removes a bundle of a plug-in, after it was uninstalled.
   *
   * @param location its location
   */
  public void remove(BundleLocation location) {
    byLocation.remove(location.toString());
  }

  /**
   * Tells whether a bundle is part of the sentry.
   *
   * @param bundle a bundle
   * @return true for the framework itself and for bundles from the module path
   */
  public boolean isTrusted(Bundle bundle) {
    if (bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
      return true;
    }
    String location = bundle.getLocation();
    return location != null && BundleLocation.of(location).origin() != BundleLocation.Origin.PLUGIN;
  }

  /**
   * Finds where a bundle of a plug-in is placed.
   *
   * @param bundle a bundle
   * @return its place, or nothing for a bundle of the sentry and for one that is gone
   */
  public Optional<Placed> find(Bundle bundle) {
    String location = bundle.getLocation();
    return location == null ? Optional.empty() : Optional.ofNullable(byLocation.get(location));
  }

  /**
   * Tells whether two bundles belong to the same plug-in.
   *
   * @param a a bundle
   * @param b another
   * @return true if both are of one plug-in
   */
  public boolean samePlugin(Bundle a, Bundle b) {
    Optional<Placed> placed = find(a);
    return placed.isPresent()
        && find(b).filter(p -> p.plugin().equals(placed.get().plugin())).isPresent();
  }
}
