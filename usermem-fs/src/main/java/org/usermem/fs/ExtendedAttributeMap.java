package org.usermem.fs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * Extended attributes kept in memory, for file systems without storage of their own.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public final class ExtendedAttributeMap {

  // What an attribute costs beside its bytes: entry, string, array.
  private static final int OVERHEAD = 128;

  private final AtomicLong budget;
  private final Map<String, byte[]> values = new TreeMap<>();

  /**
   * Creates an empty map.
   *
   * @param budget how many bytes may still be stored; shared by the files of a file system
   */
  public ExtendedAttributeMap(AtomicLong budget) {
    this.budget = budget;
  }

  private static long cost(String name, byte[] value) {
    return (long) OVERHEAD + name.length() + value.length;
  }

  /**
   * Returns a value; see {@link Inode#extendedAttribute}.
   *
   * @throws LinuxException ENODATA
   */
  public synchronized byte[] get(String name) {
    byte[] value = values.get(name);
    if (value == null) {
      throw LinuxException.of(Errno.ENODATA);
    }
    return value;
  }

  /**
   * Sets a value; see {@link Inode#setExtendedAttribute}.
   *
   * @throws LinuxException EEXIST, ENODATA, ENOSPC
   */
  public synchronized void set(String name, byte[] value, ExtendedAttributeMode mode) {
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
   * Removes a value; see {@link Inode#removeExtendedAttribute}.
   *
   * @throws LinuxException ENODATA
   */
  public synchronized void remove(String name) {
    byte[] old = values.remove(name);
    if (old == null) {
      throw LinuxException.of(Errno.ENODATA);
    }
    budget.addAndGet(cost(name, old));
  }

  /** Returns all names, in order. */
  public synchronized List<String> names() {
    return new ArrayList<>(values.keySet());
  }

  /** Removes everything. */
  public synchronized void clear() {
    values.forEach((name, value) -> budget.addAndGet(cost(name, value)));
    values.clear();
  }
}
