package org.usermem.sentry.connect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.connect.ConnectContent;
import org.osgi.framework.connect.ConnectModule;

/**
 * A module as the content of a bundle. Safe for use by several threads: the framework opens and
 * closes it while others read.
 */
public final class ModuleBundle implements ConnectModule, ConnectContent {

  private final BundleLocation location;
  private final Map<String, String> headers;
  private volatile @Nullable Contents contents;
  private @Nullable ModuleReader reader;

  /** What holds the classes: let go of when the bundle is. */
  private record Contents(Module module, ModuleReference reference) {}

  /**
   * Makes the content of a bundle.
   *
   * @param location where it came from
   * @param module the module, defined
   * @param reference its contents
   * @param headers the manifest that the framework is shown
   */
  public ModuleBundle(
      BundleLocation location,
      Module module,
      ModuleReference reference,
      Map<String, String> headers) {
    this.location = location;
    this.contents = new Contents(module, reference);
    this.headers = Map.copyOf(headers);
  }

  /**
   * Returns where it came from.
   *
   * @return the location
   */
  public BundleLocation location() {
    return location;
  }

  /**
   * Returns the module.
   *
   * @return the module that the bundle's classes are in
   */
  public Module module() {
    return contents().module();
  }

  private Contents contents() {
    Contents held = contents;
    if (held == null) {
      throw new IllegalStateException("the bundle at " + location + " is gone");
    }
    return held;
  }

  /**
   * Closes it for good, and lets go of the module: the framework may remember an uninstalled
   * bundle, and with it this object, but not the classes.
   *
   * @throws IOException if the module's file can't be closed
   */
  public void release() throws IOException {
    close();
    contents = null;
  }

  @Override
  public ConnectContent getContent() {
    return this;
  }

  @Override
  public Optional<Map<String, String>> getHeaders() {
    return Optional.of(headers);
  }

  @Override
  public Optional<ClassLoader> getClassLoader() {
    Contents held = contents;
    return held == null ? Optional.empty() : Optional.ofNullable(held.module().getClassLoader());
  }

  @Override
  public synchronized void open() throws IOException {
    reader();
  }

  @Override
  public synchronized void close() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  private synchronized ModuleReader reader() throws IOException {
    if (reader == null) {
      reader = contents().reference().open();
    }
    return reader;
  }

  @Override
  public Iterable<String> getEntries() throws IOException {
    try (Stream<String> names = reader().list()) {
      return List.copyOf(names.toList());
    }
  }

  @Override
  public Optional<ConnectEntry> getEntry(String path) {
    try {
      return reader().find(path).map(uri -> new Entry(path));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look for " + path + " in " + location, e);
    }
  }

  /** One file of the module. */
  private final class Entry implements ConnectEntry {

    private final String name;

    Entry(String name) {
      this.name = name;
    }

    @Override
    public String getName() {
      return name;
    }

    @Override
    public long getContentLength() {
      return -1;
    }

    @Override
    public long getLastModified() {
      return 0;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return reader()
          .open(name)
          .orElseThrow(() -> new IOException("there is no " + name + " in " + location));
    }
  }
}
