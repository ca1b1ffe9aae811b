package org.usermem.sentry.install;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.usermem.sentry.boundary.Placements;
import org.usermem.sentry.boundary.WiringRules;
import org.usermem.sentry.check.Candidate;
import org.usermem.sentry.check.PluginFiles;
import org.usermem.sentry.connect.BundleHeaders;
import org.usermem.sentry.connect.BundleLocation;
import org.usermem.sentry.connect.LayerConnector;
import org.usermem.sentry.connect.ModuleBundle;
import org.usermem.sentry.grant.Grants;
import org.usermem.sentry.plugin.PluginException;
import org.usermem.sentry.policy.Right.PackageExport;

/**
 * Turns plug-ins that passed the check into modules and bundles, and back into nothing. Called
 * under the lock of the host.
 */
public final class PluginBundles {

  private static final long REFRESH_SECONDS = 30;

  private final BundleContext framework;
  private final LayerConnector connector;
  private final Placements placements;
  private final WiringRules wiring;
  private final Grants grants;
  private final ComponentAccess components;
  private final ProvidedServices provided;

  /**
   * Makes it.
   *
   * @param framework the context of the framework itself
   * @param connector where modules become known to the framework
   * @param placements where bundles are placed
   * @param wiring the rules that wires are refused by
   * @param grants who grants rights
   * @param components who makes the components of Declarative Services
   * @param serviceTypes the interfaces that module declarations may provide
   */
  public PluginBundles(
      BundleContext framework,
      LayerConnector connector,
      Placements placements,
      WiringRules wiring,
      Grants grants,
      ComponentAccess components,
      List<Class<?>> serviceTypes) {
    this.framework = framework;
    this.connector = connector;
    this.placements = placements;
    this.wiring = wiring;
    this.grants = grants;
    this.components = components;
    this.provided = new ProvidedServices(serviceTypes);
  }

  /** Defines, grants and installs; leaves nothing behind if that fails. */
  InstalledPlugin install(String name, Path copy, PluginFiles files) {
    ModuleLayer.Controller controller =
        PluginLayer.define(name, files.candidates(), granted(files));
    List<ModuleBundle> modules = new ArrayList<>();
    for (Candidate candidate : files.candidates()) {
      modules.add(module(name, candidate, controller.layer()));
    }
    InstalledPlugin plugin =
        new InstalledPlugin(
            name, copy, controller.layer(), files.candidates(), modules, files.violations());
    try {
      for (int i = 0; i < modules.size(); i++) {
        grant(plugin, controller, files.candidates().get(i), modules.get(i));
      }
      for (ModuleBundle module : modules) {
        connector.add(module);
        plugin.bundles().add(framework.installBundle(module.location().toString()));
      }
      return plugin;
    } catch (BundleException | RuntimeException e) {
      uninstall(plugin);
      throw new PluginException(
          "plug-in " + name + " can't be installed: " + problem(plugin, e), e);
    }
  }

  private List<PackageExport> granted(PluginFiles files) {
    return files.candidates().stream()
        .flatMap(c -> c.placement().stream())
        .flatMap(p -> grants.exportsOf(p).stream())
        .distinct()
        .toList();
  }

  private static ModuleBundle module(String plugin, Candidate candidate, ModuleLayer layer) {
    return new ModuleBundle(
        new BundleLocation(BundleLocation.Origin.PLUGIN, plugin + "/" + candidate.name()),
        layer.findModule(candidate.name()).orElseThrow(),
        candidate.reference(),
        BundleHeaders.ofPlugin(candidate.reference().descriptor(), candidate.manifest()));
  }

  private void grant(
      InstalledPlugin plugin,
      ModuleLayer.Controller controller,
      Candidate candidate,
      ModuleBundle module) {
    candidate
        .placement()
        .ifPresent(
            placement -> {
              placements.add(module.location(), plugin.name(), placement);
              plugin.grants().addAll(grants.apply(controller, module.module(), placement));
            });
    if (candidate.manifest().containsKey("Service-Component")) {
      plugin.grants().addAll(components.open(controller, module.module()));
    }
  }

  /** Starts every bundle, and registers what their modules provide. */
  void start(InstalledPlugin plugin) {
    try {
      for (Bundle bundle : plugin.bundles()) {
        bundle.start(Bundle.START_TRANSIENT);
      }
      for (int i = 0; i < plugin.bundles().size(); i++) {
        provided.register(
            plugin.layer(), plugin.modules().get(i).module(), plugin.bundles().get(i));
      }
    } catch (BundleException | RuntimeException | LinkageError | ServiceConfigurationError e) {
      String problem = problem(plugin, e);
      stop(plugin);
      throw new PluginException("plug-in " + plugin.name() + " does not start: " + problem, e);
    }
  }

  private String problem(InstalledPlugin plugin, Throwable cause) {
    List<String> refused = new ArrayList<>();
    for (BundleLocation location : plugin.locations()) {
      wiring.takeRefusals(location.toString()).forEach(r -> refused.add(r.toString()));
    }
    return refused.isEmpty() ? String.valueOf(cause) : String.join("\n", refused);
  }

  /**
   * Stops every bundle: it is stopped even where its own code complains (OSGi Core 8, 4.4.6).
   *
   * @return the complaints
   */
  List<String> stop(InstalledPlugin plugin) {
    List<String> problems = new ArrayList<>();
    for (Bundle bundle : plugin.bundles().reversed()) {
      try {
        bundle.stop();
      } catch (BundleException | RuntimeException e) {
        problems.add(String.valueOf(e));
      }
    }
    return problems;
  }

  /**
   * Takes the bundles away, and everything by which the sentry refers to their classes.
   *
   * @return what went wrong on the way
   */
  List<String> uninstall(InstalledPlugin plugin) {
    List<String> problems = new ArrayList<>();
    for (Bundle bundle : plugin.bundles().reversed()) {
      try {
        bundle.uninstall();
      } catch (BundleException | RuntimeException e) {
        problems.add(String.valueOf(e));
      }
    }
    if (!plugin.bundles().isEmpty() && !refresh(plugin)) {
      problems.add("the framework does not let go of it");
    }
    for (ModuleBundle module : plugin.modules()) {
      connector.remove(module.location());
      placements.remove(module.location());
      wiring.takeRefusals(module.location().toString());
      try {
        module.release();
      } catch (IOException e) {
        problems.add(String.valueOf(e));
      }
    }
    return problems;
  }

  /** Lets the framework forget wirings of uninstalled bundles, which it does on its own thread. */
  private boolean refresh(InstalledPlugin plugin) {
    CountDownLatch done = new CountDownLatch(1);
    Bundle system = framework.getBundle(Constants.SYSTEM_BUNDLE_ID);
    system
        .adapt(FrameworkWiring.class)
        .refreshBundles(List.copyOf(plugin.bundles()), event -> done.countDown());
    try {
      return done.await(REFRESH_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
