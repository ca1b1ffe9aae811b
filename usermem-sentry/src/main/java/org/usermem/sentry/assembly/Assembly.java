package org.usermem.sentry.assembly;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.connect.ConnectFrameworkFactory;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.launch.Framework;
import org.osgi.util.tracker.ServiceTracker;
import org.usermem.sentry.boundary.BundleSight;
import org.usermem.sentry.boundary.Placements;
import org.usermem.sentry.boundary.ServiceSight;
import org.usermem.sentry.boundary.WiringRules;
import org.usermem.sentry.connect.BundleLocation;
import org.usermem.sentry.connect.LayerConnector;
import org.usermem.sentry.connect.ModuleBundle;
import org.usermem.sentry.grant.Grants;
import org.usermem.sentry.install.ComponentAccess;
import org.usermem.sentry.install.PluginBundles;
import org.usermem.sentry.install.PluginDirectory;
import org.usermem.sentry.install.PluginHost;
import org.usermem.sentry.plugin.PluginEvent;
import org.usermem.sentry.plugin.Plugins;
import org.usermem.sentry.policy.Policy;
import org.usermem.sentry.record.PluginLifeEvent;

/**
 * A running assembly: the framework, the modules of the sentry as bundles, and the plug-ins.
 *
 * <p>Safe for use by several threads. Several assemblies can run in one JVM.
 */
public final class Assembly implements AutoCloseable {

  /** The persistent identity of the sentry's own configuration. */
  public static final String SENTRY = "org.usermem.sentry";

  private static final long STOP_SECONDS = 30;

  private final Path storage;
  private final Framework framework;
  private final LayerConnector connector = new LayerConnector();
  private final Placements placements = new Placements();
  private final Policy policy;
  private final PluginHost plugins;
  private final Consumer<PluginEvent> events;
  private final List<PluginDirectory> watched = new CopyOnWriteArrayList<>();
  private final List<ServiceTracker<?, ?>> trackers = new CopyOnWriteArrayList<>();

  /**
   * Puts an assembly together and starts it: what the file lists as bundles is installed and
   * started. Mounts are left to the caller, and so is {@link #watch} of its plug-in directory, so
   * that the caller can first follow the services that it wants.
   *
   * @param file what it is made of
   * @param serviceTypes the interfaces that plug-ins may provide by their module declarations
   * @param events is told what happens to plug-ins
   * @return the assembly, to be closed
   * @throws AssemblyException if it can't be put together
   */
  public static Assembly start(
      AssemblyFile file, List<Class<?>> serviceTypes, Consumer<PluginEvent> events) {
    Path storage = temporaryDirectory();
    try {
      Assembly assembly = new Assembly(storage, file, serviceTypes, events);
      try {
        for (Path plugin : file.bundles()) {
          assembly.plugins.start(assembly.plugins.install(plugin).name());
        }
        return assembly;
      } catch (RuntimeException e) {
        assembly.close();
        throw e;
      }
    } catch (BundleException | IOException e) {
      delete(storage);
      throw new AssemblyException("the assembly " + file.name() + " does not start: " + e, e);
    }
  }

  private Assembly(
      Path storage, AssemblyFile file, List<Class<?>> serviceTypes, Consumer<PluginEvent> events)
      throws BundleException, IOException {
    this.storage = storage;
    this.events =
        event -> {
          PluginLifeEvent.happened(event);
          events.accept(event);
        };
    this.policy = file.policy();
    Path configuration = storage.resolve("configuration");
    ConfigurationFiles.write(configuration, file.configuration());
    framework =
        ServiceLoader.load(ModuleLayer.boot(), ConnectFrameworkFactory.class)
            .findFirst()
            .orElseThrow(() -> new AssemblyException("there is no OSGi framework", null))
            .newFramework(properties(storage, configuration), connector);
    framework.init();
    BundleContext context = framework.getBundleContext();
    WiringRules wiring = new WiringRules(placements, file.policy());
    context.registerService(ResolverHookFactory.class, wiring, null);
    registerSight(
        context, file.configuration().keySet().stream().anyMatch(pid -> !pid.equals(SENTRY)));
    OsgiRuntime runtime = OsgiRuntime.define();
    openComponents(runtime.components());
    List<Bundle> bundles = new ArrayList<>();
    for (ModuleBundle bundle : runtime.bundles()) {
      bundles.add(install(context, bundle));
    }
    for (ModuleBundle bundle : CoreBundles.all()) {
      bundles.add(install(context, bundle));
    }
    framework.start();
    for (Bundle bundle : bundles) {
      bundle.start(Bundle.START_TRANSIENT);
    }
    PluginBundles pluginBundles =
        new PluginBundles(
            context,
            connector,
            placements,
            wiring,
            new Grants(file.policy()),
            new ComponentAccess(Optional.of(runtime.components())),
            serviceTypes);
    plugins = new PluginHost(file.policy(), pluginBundles, this.events);
  }

  /** Nothing is left to chance or to the system's properties: each of these is a boundary. */
  private static Map<String, String> properties(Path storage, Path configuration) {
    Map<String, String> properties = new HashMap<>();
    properties.put(Constants.FRAMEWORK_STORAGE, storage.resolve("framework").toString());
    properties.put(
        Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    properties.put(Constants.FRAMEWORK_BOOTDELEGATION, "");
    properties.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
    properties.put("felix.bootdelegation.implicit", "false");
    // The handlers of URLs are one for the whole JVM: not ours to take.
    properties.put("felix.service.urlhandlers", "false");
    properties.put("felix.resolver.parallelism", "1");
    // The framework logs to the standard output, which is the guest's; errors are exceptions.
    properties.put("felix.log.level", "0");
    properties.put("ds.loglevel", "1");
    properties.put("felix.cm.dir", configuration.toString());
    properties.put("felix.cm.loglevel", "1");
    return properties;
  }

  private void registerSight(BundleContext context, boolean configured) {
    ServiceSight services = new ServiceSight(placements, configured);
    context.registerService(
        new String[] {
          org.osgi.framework.hooks.service.FindHook.class.getName(),
          org.osgi.framework.hooks.service.EventListenerHook.class.getName()
        },
        services,
        null);
    BundleSight bundles = new BundleSight(placements);
    context.registerService(
        new String[] {
          org.osgi.framework.hooks.bundle.FindHook.class.getName(),
          org.osgi.framework.hooks.bundle.EventHook.class.getName()
        },
        bundles,
        null);
  }

  /** The component run time makes this module's own components too. */
  private static void openComponents(Module runtime) {
    Module own = Assembly.class.getModule();
    own.getPackages().stream()
        .filter(p -> p.startsWith("org.usermem.sentry.component"))
        .forEach(p -> own.addOpens(p, runtime));
  }

  private Bundle install(BundleContext context, ModuleBundle bundle) throws BundleException {
    connector.add(bundle);
    return context.installBundle(bundle.location().toString());
  }

  /**
   * Returns the plug-ins.
   *
   * @return what is installed, and the way to change it
   */
  public Plugins plugins() {
    return plugins;
  }

  /**
   * Keeps the plug-ins as a directory has them, until this assembly is closed.
   *
   * @param directory the directory
   */
  public void watch(Path directory) {
    watched.add(new PluginDirectory(directory, plugins, events));
  }

  /** Returns the context of the framework itself, which sees every service. */
  BundleContext context() {
    return framework.getBundleContext();
  }

  /**
   * Registers a service of the sentry, until this assembly is closed.
   *
   * @param <T> the interface
   * @param type the interface that it is found by
   * @param service the service
   */
  public <T> void publish(Class<T> type, T service) {
    context().registerService(type, service, null);
  }

  /**
   * Finds a service of the sentry, which is in use from then on until this assembly is closed.
   *
   * @param <T> the interface
   * @param type the interface that it is found by
   * @return the service, or nothing if there is none, such as a component that lacks a part
   */
  public <T> Optional<T> service(Class<T> type) {
    return Optional.ofNullable(context().getServiceReference(type)).map(context()::getService);
  }

  /**
   * Follows the services of an interface: those that are there are added before this returns, and
   * all are removed when the assembly is closed.
   *
   * @param <T> the interface
   * @param type the interface
   * @param added is told of each, on the thread that registers it
   * @param removed is told of each that goes, while it can still be called
   * @return to be run to end it earlier, which removes all
   */
  public <T> Runnable follow(Class<T> type, Consumer<T> added, Consumer<T> removed) {
    ServiceTracker<T, T> tracker =
        new ServiceTracker<>(context(), type, null) {
          @Override
          public @Nullable T addingService(ServiceReference<T> reference) {
            T service = super.addingService(reference);
            if (service != null) {
              added.accept(service);
            }
            return service;
          }

          @Override
          public void removedService(ServiceReference<T> reference, T service) {
            removed.accept(service);
            super.removedService(reference, service);
          }
        };
    tracker.open(true);
    trackers.add(tracker);
    return tracker::close;
  }

  /**
   * Shows the module graph.
   *
   * @return a line a module of the sentry and of the plug-ins: its layer, and what it requires
   */
  public List<String> describeModules() {
    List<Module> modules = new ArrayList<>();
    for (Bundle bundle : context().getBundles()) {
      if (!placements.isTrusted(bundle)) {
        connector
            .find(BundleLocation.of(bundle.getLocation()))
            .ifPresent(b -> modules.add(b.module()));
      }
    }
    return AssemblyFacts.modules(policy, plugins.list(), modules);
  }

  /**
   * Shows the module graph of a sentry without an assembly.
   *
   * @return a line a module of the sentry: its layer by the standard policy, and what it requires
   */
  public static List<String> describeCore() {
    return AssemblyFacts.modules(Policy.standard(), List.of(), List.of());
  }

  /**
   * Shows the services.
   *
   * @return a line a service: its interfaces, and who registered it
   */
  public List<String> describeServices() {
    return AssemblyFacts.services(context());
  }

  /**
   * Shows the rights of plug-ins.
   *
   * @return a line a right that was granted, and a line a use of one that was let pass
   */
  public List<String> describeRights() {
    return AssemblyFacts.rights(plugins.list());
  }

  /** Stops everything, plug-ins first. One that does not come back keeps the framework running. */
  @Override
  public void close() {
    try {
      watched.forEach(PluginDirectory::close);
      plugins.close();
      if (plugins.hasLost()) {
        // To stop the framework is to wait for the code that does not come back.
        return;
      }
      trackers.forEach(ServiceTracker::close);
      framework.stop();
      framework.waitForStop(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
    } catch (IOException | BundleException e) {
      throw new AssemblyException("the assembly does not stop", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      delete(storage);
    }
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("usermem-assembly");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path tree) {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
