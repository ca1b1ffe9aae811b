package org.usermem.fs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * Extended attributes kept in memory, for file systems without storage of their own: of the
 * namespaces user, trusted and security.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public final class ExtendedAttributeMap implements ExtendedAttributes {

  // What an attribute costs beside its bytes: entry, string, array.
  private static final int OVERHEAD = 128;

  private final AtomicLong budget;
  private final Runnable changed;
  private final Map<String, byte[]> values = new TreeMap<>();

  /**
   * Creates an empty map.
   *
   * @param budget how many bytes may still be stored; shared by the files of a file system
   * @param changed is run after each change
   */
  public ExtendedAttributeMap(AtomicLong budget, Runnable changed) {
    this.budget = budget;
    this.changed = changed;
  }

  private static long cost(String name, byte[] value) {
    return (long) OVERHEAD + name.length() + value.length;
  }

  private static void requireKept(String name) {
    if (!name.startsWith("user.")
        && !name.startsWith("trusted.")
        && !name.startsWith("security.")) {
      throw LinuxException.of(Errno.EOPNOTSUPP);
    }
  }

  @Override
  public synchronized byte[] get(String name) {
    requireKept(name);
    byte[] value = values.get(name);
    if (value == null) {
      throw LinuxException.of(Errno.ENODATA);
    }
    return value;
  }

  @Override
  public void set(String name, byte[] value, ExtendedAttributeMode mode) {
    requireKept(name);
    put(name, value, mode);
    changed.run();
  }

  private synchronized void put(String name, byte[] value, ExtendedAttributeMode mode) {
    byte[] old = values.get(name);
    if (old == null && mode == ExtendedAttributeMode.REPLACE) {
      throw LinuxException.of(Errno.ENODATA);
    }
    if (old != null && mode == ExtendedAttributeMode.CREATE) {
      throw LinuxException.of(Errno.EEXIST);
    }
    long before = old == null ? 0 : cost(name, old);
    long added = cost(name, value) - before;
    if (budget.addAndGet(-added) < 0 && added > 0) {
      budget.addAndGet(added);
      throw LinuxException.of(Errno.ENOSPC);
    }
    values.put(name, value.clone());
  }

  /**
   * Takes over all attributes of another file, which is no change.
   *
   * @throws LinuxException ENOSPC
   */
  public void putAll(ExtendedAttributes from) {
    for (String name : from.names()) {
      put(name, from.get(name), ExtendedAttributeMode.SET);
    }
  }

  @Override
  public void remove(String name) {
    requireKept(name);
    drop(name);
    changed.run();
  }

  private synchronized void drop(String name) {
    byte[] old = values.remove(name);
    if (old == null) {
      throw LinuxException.of(Errno.ENODATA);
    }
    budget.addAndGet(cost(name, old));
  }

  @Override
  public synchronized List<String> names() {
    return new ArrayList<>(values.keySet());
  }

  /** Removes everything. */
  public synchronized void clear() {
    values.forEach((name, value) -> budget.addAndGet(cost(name, value)));
    values.clear();
  }
}
