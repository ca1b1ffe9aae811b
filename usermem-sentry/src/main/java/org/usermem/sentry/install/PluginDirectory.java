package org.usermem.sentry.install;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.usermem.sentry.plugin.PluginEvent;
import org.usermem.sentry.plugin.PluginException;
import org.usermem.sentry.plugin.Plugins;

/**
 * Keeps the plug-ins as a directory has them: a jar (or a directory of jars) that appears is
 * installed and started, one that changes is updated, one that goes is uninstalled.
 *
 * <p>A thread of its own watches. The host's notices only wake it up: what it acts on is what it
 * finds, twice the same, so that a file which is still being written is left alone until it is
 * whole, and a notice that was lost costs time and nothing else. A plug-in that could not be
 * installed is tried again when its file changes.
 */
public final class PluginDirectory implements AutoCloseable {

  private static final long QUIET_MILLIS = 200;
  private static final long LOOK_ANYWAY_MILLIS = 5_000;

  private final Path directory;
  private final Plugins plugins;
  private final Consumer<PluginEvent> events;
  private final WatchService notices;
  private final Thread watcher;
  private final Map<String, Fingerprint> known = new HashMap<>();

  /** What a file looked like: another look means other contents. */
  private record Fingerprint(String look) {}

  /**
   * Installs what the directory has, and begins to watch it.
   *
   * @param directory the directory
   * @param plugins the plug-ins to keep as it has them
   * @param events is told of files that can't be looked at
   */
  public PluginDirectory(Path directory, Plugins plugins, Consumer<PluginEvent> events) {
    this.directory = directory;
    this.plugins = plugins;
    this.events = events;
    try {
      notices = directory.getFileSystem().newWatchService();
      directory.register(notices, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot watch " + directory, e);
    }
    apply(look());
    watcher = Thread.ofPlatform().name("usermem-plugins").daemon().unstarted(this::watch);
    watcher.start();
  }

  /** Stops watching; the plug-ins stay as they are. */
  @Override
  public void close() {
    try {
      notices.close();
      watcher.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    try {
      Map<String, Fingerprint> last = look();
      while (true) {
        boolean settled = last.equals(known);
        WatchKey key =
            notices.poll(settled ? LOOK_ANYWAY_MILLIS : QUIET_MILLIS, TimeUnit.MILLISECONDS);
        if (key != null) {
          key.pollEvents();
          key.reset();
          TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS);
        }
        Map<String, Fingerprint> now = look();
        if (now.equals(last) && !now.equals(known)) {
          apply(now);
        }
        last = now;
      }
    } catch (ClosedWatchServiceException e) {
      // Closed: this thread ends.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void apply(Map<String, Fingerprint> now) {
    for (String name : Map.copyOf(known).keySet()) {
      if (!now.containsKey(name)) {
        known.remove(name);
        attempt(name, () -> plugins.uninstall(name));
      }
    }
    for (Map.Entry<String, Fingerprint> entry : now.entrySet()) {
      String name = entry.getKey();
      Path file = directory.resolve(name);
      Fingerprint before = known.put(name, entry.getValue());
      if (before == null || !isInstalled(name)) {
        attempt(name, () -> plugins.start(plugins.install(file).name()));
      } else if (!before.equals(entry.getValue())) {
        attempt(name, () -> plugins.update(file));
      }
    }
  }

  private boolean isInstalled(String name) {
    return plugins.list().stream().anyMatch(p -> p.name().equals(name));
  }

  /** What goes wrong was told as an event by whoever found it, and concerns this plug-in alone. */
  private void attempt(String name, Runnable change) {
    try {
      change.run();
    } catch (PluginException e) {
      // Told already.
    } catch (RuntimeException e) {
      events.accept(new PluginEvent.Failed(name, String.valueOf(e)));
    }
  }

  private Map<String, Fingerprint> look() {
    Map<String, Fingerprint> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        boolean plugin = name.endsWith(".jar") || Files.isDirectory(file);
        if (plugin && !name.startsWith(".")) {
          Fingerprint fingerprint = fingerprint(file);
          if (fingerprint != null) {
            found.put(name, fingerprint);
          }
        }
      }
    } catch (IOException | UncheckedIOException e) {
      events.accept(new PluginEvent.Failed(String.valueOf(directory), String.valueOf(e)));
      return Map.copyOf(known);
    }
    return found;
  }

  private static @Nullable Fingerprint fingerprint(Path file) throws IOException {
    StringBuilder look = new StringBuilder();
    try {
      if (Files.isDirectory(file)) {
        try (Stream<Path> parts = Files.list(file)) {
          for (Path part : parts.sorted().toList()) {
            append(look, part);
          }
        }
      } else {
        append(look, file);
      }
      return new Fingerprint(look.toString());
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static void append(StringBuilder look, Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    look.append(file.getFileName())
        .append(' ')
        .append(attributes.size())
        .append(' ')
        .append(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS))
        .append(' ')
        .append(Objects.requireNonNullElse(attributes.fileKey(), ""))
        .append('\n');
  }
}
