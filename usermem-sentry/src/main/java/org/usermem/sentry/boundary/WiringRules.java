package org.usermem.sentry.boundary;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.usermem.sentry.policy.Placement;
import org.usermem.sentry.policy.Policy;
import org.usermem.sentry.policy.Standing;

/**
 * Refuses wires that cross layers. A bundle of the sentry is never wired to a plug-in, whatever the
 * plug-in exports; a plug-in is wired to the packages that its layer may name, to its own parts,
 * and to nothing by bundle name.
 */
public final class WiringRules implements ResolverHookFactory, ResolverHook {

  private final Placements placements;
  private final Policy policy;
  private final List<Refusal> refusals = new CopyOnWriteArrayList<>();

  /**
   * Makes the rules.
   *
   * @param placements where bundles are placed
   * @param policy the policy
   */
  public WiringRules(Placements placements, Policy policy) {
    this.placements = placements;
    this.policy = policy;
  }

  /**
   * A wire that was refused.
   *
   * @param location the bundle that asked
   * @param requirement what it asked for
   * @param provider who would have provided it
   */
  public record Refusal(String location, String requirement, String provider) {

    @Override
    public String toString() {
      return "refused [wiring] "
          + location
          + ": requires "
          + requirement
          + " of "
          + provider
          + ", outside its layer; instead: import what the layer may name";
    }
  }

  /**
   * Takes the refusals that one bundle met.
   *
   * @param location the bundle's location
   * @return the refusals, which are forgotten here
   */
  public List<Refusal> takeRefusals(String location) {
    List<Refusal> found = refusals.stream().filter(r -> r.location().equals(location)).toList();
    refusals.removeAll(found);
    return found;
  }

  @Override
  public ResolverHook begin(Collection<BundleRevision> triggers) {
    return this;
  }

  @Override
  public void filterMatches(
      BundleRequirement requirement, Collection<BundleCapability> candidates) {
    Bundle asking = requirement.getRevision().getBundle();
    candidates.removeIf(
        candidate -> {
          Bundle provider = candidate.getRevision().getBundle();
          if (allows(asking, requirement, candidate, provider)) {
            return false;
          }
          refusals.add(
              new Refusal(
                  String.valueOf(asking.getLocation()),
                  requirement.getNamespace() + " " + requirement.getDirectives(),
                  String.valueOf(provider.getLocation())));
          return true;
        });
  }

  private boolean allows(
      Bundle asking, BundleRequirement requirement, BundleCapability candidate, Bundle provider) {
    if (asking.equals(provider)) {
      return true;
    }
    if (placements.isTrusted(asking)) {
      return placements.isTrusted(provider);
    }
    if (placements.samePlugin(asking, provider)) {
      return true;
    }
    Optional<Placements.Placed> placed = placements.find(asking);
    if (placed.isEmpty() || !placements.isTrusted(provider)) {
      return false;
    }
    return switch (requirement.getNamespace()) {
      case PackageNamespace.PACKAGE_NAMESPACE ->
          mayName(placed.get().placement(), packageOf(candidate));
      case BundleNamespace.BUNDLE_NAMESPACE, HostNamespace.HOST_NAMESPACE -> false;
      default -> true;
    };
  }

  private static String packageOf(BundleCapability candidate) {
    return String.valueOf(candidate.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE));
  }

  private boolean mayName(Placement placement, String packageName) {
    String any = packageName + ".package-info";
    return policy.rights().values().stream()
        .filter(r -> r.coversClass(any))
        .findFirst()
        .map(r -> placement.standing(r.name()) != Standing.REFUSED)
        .orElseGet(() -> placement.layer().mayName(any));
  }

  @Override
  public void filterResolvable(Collection<BundleRevision> candidates) {}

  /** A plug-in can neither displace nor hinder another bundle by taking its symbolic name. */
  @Override
  public void filterSingletonCollisions(
      BundleCapability singleton, Collection<BundleCapability> candidates) {
    Bundle one = singleton.getRevision().getBundle();
    candidates.removeIf(c -> !placements.samePlugin(one, c.getRevision().getBundle()));
  }

  @Override
  public void end() {}
}
