package org.usermem.sentry.boundary;

import java.util.Collection;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.hooks.bundle.EventHook;
import org.osgi.framework.hooks.bundle.FindHook;

/** Hides bundles from plug-ins: each sees those of its own plug-in, and hears of no others. */
public final class BundleSight implements FindHook, EventHook {

  private final Placements placements;

  /**
   * Makes the hook.
   *
   * @param placements where bundles are placed
   */
  public BundleSight(Placements placements) {
    this.placements = placements;
  }

  @Override
  public void find(BundleContext context, Collection<Bundle> bundles) {
    Bundle looking = context.getBundle();
    if (!placements.isTrusted(looking)) {
      bundles.removeIf(b -> !b.equals(looking) && !placements.samePlugin(b, looking));
    }
  }

  @Override
  public void event(BundleEvent event, Collection<BundleContext> contexts) {
    Bundle subject = event.getBundle();
    contexts.removeIf(
        c -> {
          Bundle looking = c.getBundle();
          return !placements.isTrusted(looking)
              && !subject.equals(looking)
              && !placements.samePlugin(subject, looking);
        });
  }
}
