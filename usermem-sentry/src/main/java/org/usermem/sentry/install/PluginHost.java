package org.usermem.sentry.install;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.usermem.sentry.check.CheckReport;
import org.usermem.sentry.check.CoreModules;
import org.usermem.sentry.check.PluginCheck;
import org.usermem.sentry.check.PluginFiles;
import org.usermem.sentry.check.Violation;
import org.usermem.sentry.plugin.PluginEvent;
import org.usermem.sentry.plugin.PluginException;
import org.usermem.sentry.plugin.PluginRefusedException;
import org.usermem.sentry.plugin.PluginState;
import org.usermem.sentry.plugin.PluginStatus;
import org.usermem.sentry.plugin.Plugins;
import org.usermem.sentry.policy.Policy;

/**
 * Installs, starts, stops, updates and uninstalls plug-ins. Safe for use by several threads: one
 * change is made at a time.
 */
public final class PluginHost implements Plugins, AutoCloseable {

  private static final Duration LONGEST_CALL = Duration.ofSeconds(20);

  private final Policy policy;
  private final PluginCheck check;
  private final PluginBundles bundles;
  private final Consumer<PluginEvent> events;
  private final PluginStore store;
  private final PluginCalls calls = new PluginCalls(LONGEST_CALL);
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, InstalledPlugin> plugins = new LinkedHashMap<>();

  /**
   * Makes a host.
   *
   * @param policy the policy
   * @param bundles how plug-ins become bundles
   * @param events is told what happens, on the thread that makes it happen
   * @throws IOException if there is no place for copies of plug-ins
   */
  public PluginHost(Policy policy, PluginBundles bundles, Consumer<PluginEvent> events)
      throws IOException {
    this.policy = policy;
    this.check = new PluginCheck(policy, CoreModules.ofThisJvm());
    this.bundles = bundles;
    this.events = events;
    this.store = new PluginStore();
  }

  @Override
  public PluginStatus install(Path plugin) {
    lock.lock();
    try {
      String name = nameOf(plugin);
      if (plugins.containsKey(name)) {
        throw new PluginException("plug-in " + name + " is installed; update it instead", null);
      }
      Path copy = copy(plugin);
      return addLocked(name, copy, checked(name, copy)).status();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public PluginStatus start(String name) {
    lock.lock();
    try {
      InstalledPlugin plugin = getLocked(name);
      startLocked(plugin);
      return plugin.status();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public PluginStatus stop(String name) {
    lock.lock();
    try {
      InstalledPlugin plugin = getLocked(name);
      stopLocked(plugin);
      return plugin.status();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void uninstall(String name) {
    lock.lock();
    try {
      removeLocked(getLocked(name));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public PluginStatus update(Path plugin) {
    lock.lock();
    try {
      String name = nameOf(plugin);
      InstalledPlugin old = getLocked(name);
      boolean ran = old.state() == PluginState.ACTIVE;
      Path copy = copy(plugin);
      PluginFiles files = checked(name, copy);
      removeLocked(old);
      InstalledPlugin next = addLocked(name, copy, files);
      if (ran) {
        startLocked(next);
      }
      return next.status();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<PluginStatus> list() {
    lock.lock();
    try {
      return plugins.values().stream().map(InstalledPlugin::status).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether there is a plug-in whose code has not come back. */
  public boolean hasLost() {
    return list().stream().anyMatch(p -> p.state() == PluginState.LOST);
  }

  /** Uninstalls everything that comes back, and deletes the copies. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      for (InstalledPlugin plugin : List.copyOf(plugins.values()).reversed()) {
        stopLocked(plugin);
        if (plugin.state() != PluginState.LOST) {
          removeLocked(plugin);
        }
      }
    } finally {
      lock.unlock();
      store.close();
    }
  }

  private static String nameOf(Path plugin) {
    return String.valueOf(plugin.getFileName());
  }

  private InstalledPlugin getLocked(String name) {
    InstalledPlugin plugin = plugins.get(name);
    if (plugin == null) {
      throw new PluginException(
          "there is no plug-in " + name + "; there are " + plugins.keySet(), null);
    }
    return plugin;
  }

  private Path copy(Path plugin) {
    try {
      return store.copy(plugin);
    } catch (IOException e) {
      throw new PluginException("cannot read plug-in " + plugin + ": " + e.getMessage(), e);
    }
  }

  /** Reads and checks a copy, and deletes it if it is refused. */
  private PluginFiles checked(String name, Path copy) {
    try {
      PluginFiles files = PluginFiles.read(copy, policy::placePlugin);
      List<Violation> found = new ArrayList<>(files.violations());
      found.addAll(check.check(files.candidates()).violations());
      found.forEach(v -> events.accept(new PluginEvent.Violated(name, v)));
      CheckReport report = new CheckReport(found);
      if (!report.accepted()) {
        store.delete(copy);
        throw new PluginRefusedException(name, report);
      }
      return new PluginFiles(files.candidates(), found);
    } catch (IOException e) {
      throw new PluginException("cannot read plug-in " + name + ": " + e.getMessage(), e);
    }
  }

  private InstalledPlugin addLocked(String name, Path copy, PluginFiles files) {
    try {
      InstalledPlugin plugin = bundles.install(name, copy, files);
      plugins.put(name, plugin);
      events.accept(new PluginEvent.Installed(name));
      plugin.grants().forEach(g -> events.accept(new PluginEvent.Granted(name, g)));
      return plugin;
    } catch (PluginException e) {
      delete(name, copy);
      events.accept(new PluginEvent.Failed(name, String.valueOf(e.getMessage())));
      throw e;
    }
  }

  private void startLocked(InstalledPlugin plugin) {
    if (plugin.state() == PluginState.ACTIVE) {
      return;
    }
    requireNotLostLocked(plugin);
    try {
      callLocked(
          plugin,
          "start",
          () -> {
            bundles.start(plugin);
            return List.of();
          });
    } catch (PluginException e) {
      events.accept(new PluginEvent.Failed(plugin.name(), String.valueOf(e.getMessage())));
      throw e;
    }
    plugin.become(PluginState.ACTIVE);
    events.accept(new PluginEvent.Started(plugin.name()));
  }

  private void stopLocked(InstalledPlugin plugin) {
    if (plugin.state() == PluginState.ACTIVE) {
      try {
        report(plugin, callLocked(plugin, "stop", () -> bundles.stop(plugin)));
        plugin.become(PluginState.INSTALLED);
        events.accept(new PluginEvent.Stopped(plugin.name()));
      } catch (PluginCalls.LostException e) {
        report(plugin, List.of(String.valueOf(e.getMessage())));
      }
    }
  }

  private List<String> callLocked(
      InstalledPlugin plugin, String what, Callable<List<String>> action) {
    try {
      return calls.call(plugin.name(), what, action);
    } catch (PluginCalls.LostException e) {
      plugin.become(PluginState.LOST);
      throw e;
    }
  }

  private static void requireNotLostLocked(InstalledPlugin plugin) {
    if (plugin.state() == PluginState.LOST) {
      throw new PluginException(
          "plug-in " + plugin.name() + " has not come back from its start or stop", null);
    }
  }

  private void removeLocked(InstalledPlugin plugin) {
    stopLocked(plugin);
    requireNotLostLocked(plugin);
    report(plugin, bundles.uninstall(plugin));
    delete(plugin.name(), plugin.copy());
    plugin.become(PluginState.UNINSTALLED);
    plugins.remove(plugin.name());
    events.accept(new PluginEvent.Uninstalled(plugin.name()));
  }

  private void report(InstalledPlugin plugin, List<String> problems) {
    problems.forEach(p -> events.accept(new PluginEvent.Failed(plugin.name(), p)));
  }

  private void delete(String name, Path copy) {
    try {
      store.delete(copy);
    } catch (IOException e) {
      events.accept(new PluginEvent.Failed(name, "its copy is left behind: " + e));
    }
  }
}
