package org.usermem.fs.hostfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The host directories that are open, those used last kept, up to a limit.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
final class OpenDirectories implements AutoCloseable {

  private final Path root;
  private final int limit;
  private final DescriptorFinder finder = new DescriptorFinder();

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<HostDirectory, OpenDirectory> open =
      new LinkedHashMap<>(64, 0.75f, true); // guarded by lock, in order of use

  OpenDirectories(Path root, int limit) {
    this.root = root;
    this.limit = limit;
  }

  /**
   * Begins a use of a directory, opening it and those above it if need be.
   *
   * @return the open directory; the caller closes it
   */
  OpenDirectory use(HostDirectory directory) throws IOException {
    OpenDirectory existing = find(directory);
    return existing != null ? existing : openSlow(directory);
  }

  private @Nullable OpenDirectory find(HostDirectory directory) {
    lock.lock();
    try {
      OpenDirectory existing = open.get(directory);
      return existing != null && existing.tryUse() ? existing : null;
    } finally {
      lock.unlock();
    }
  }

  private OpenDirectory openSlow(HostDirectory directory) throws IOException {
    synchronized (directory) {
      OpenDirectory raced = find(directory);
      if (raced != null) {
        return raced;
      }
      OpenDirectory made;
      HostPlace place = directory.node().place();
      if (place == null) {
        made = OpenDirectory.openRoot(root, finder);
      } else {
        try (OpenDirectory parent = use(place.directory())) {
          made = parent.openChild(HostNames.toPath(place.name()), directory.node().key());
        }
      }
      made.tryUse();
      keep(directory, made);
      return made;
    }
  }

  private void keep(HostDirectory directory, OpenDirectory made) {
    List<OpenDirectory> evicted = new ArrayList<>();
    lock.lock();
    try {
      OpenDirectory old = open.put(directory, made);
      if (old != null) {
        evicted.add(old);
      }
      Iterator<OpenDirectory> eldest = open.values().iterator();
      while (open.size() > limit && eldest.hasNext()) {
        OpenDirectory candidate = eldest.next();
        if (candidate != made && candidate.isIdle()) {
          eldest.remove();
          evicted.add(candidate);
        }
      }
    } finally {
      lock.unlock();
    }
    evicted.forEach(OpenDirectory::close);
  }

  /** Closes a directory that was removed or replaced. */
  void forget(HostDirectory directory) {
    OpenDirectory old;
    lock.lock();
    try {
      old = open.remove(directory);
    } finally {
      lock.unlock();
    }
    if (old != null) {
      old.close();
    }
  }

  /** Closes all that nobody uses. */
  @Override
  public void close() {
    List<OpenDirectory> all;
    lock.lock();
    try {
      all = new ArrayList<>(open.values());
      open.clear();
    } finally {
      lock.unlock();
    }
    all.forEach(OpenDirectory::close);
  }
}
