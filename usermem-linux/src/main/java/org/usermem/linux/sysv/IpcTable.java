package org.usermem.linux.sysv;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.mm.shm.IpcCaller;
import org.usermem.mm.shm.ShmRegistry;

/** The objects of one kind, by number and by key: Linux's {@code ipc_ids}. Thread-safe. */
final class IpcTable<T extends IpcObject> {
  /** Bits of a number that are the index; the rest tells users of one index apart. */
  private static final int INDEX_BITS = 15;

  private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
  private static final int SEQUENCES = 1 << 16;

  private final int limit;
  private final ReentrantLock lock;

  // Guarded by the lock:
  private final TreeMap<Integer, T> byIndex = new TreeMap<>();
  private final Map<Integer, T> byKey = new HashMap<>();
  private final BitSet used = new BitSet();
  private int sequence;

  /**
   * Makes an empty table.
   *
   * @param limit how many objects it holds, at most 32768
   * @param lock guards the table and its objects
   */
  IpcTable(int limit, ReentrantLock lock) {
    this.limit = limit;
    this.lock = lock;
  }

  /**
   * Finds or makes an object ({@code ipcget}).
   *
   * @param check throws if what was found is not what the caller wants
   * @param maker makes an object, if there is room
   * @throws LinuxException ENOENT, EEXIST, EACCES, ENOSPC, and what check and maker throw
   */
  T get(int key, int flags, IpcCaller caller, Consumer<T> check, Supplier<T> maker) {
    lock.lock();
    try {
      T found = key == ShmRegistry.PRIVATE_KEY ? null : byKey.get(key);
      if (found == null) {
        if (key != ShmRegistry.PRIVATE_KEY && (flags & ShmRegistry.CREATE) == 0) {
          throw LinuxException.of(Errno.ENOENT);
        }
        return addLocked(key, maker);
      }
      int exclusive = ShmRegistry.CREATE | ShmRegistry.EXCLUSIVE;
      if ((flags & exclusive) == exclusive) {
        throw LinuxException.of(Errno.EEXIST);
      }
      check.accept(found);
      found.requireLocked(caller, (flags >> 6 | flags >> 3 | flags) & 07);
      return found;
    } finally {
      lock.unlock();
    }
  }

  private T addLocked(int key, Supplier<T> maker) {
    if (byIndex.size() >= limit) {
      throw LinuxException.of(Errno.ENOSPC);
    }
    T made = maker.get();
    int index = used.nextClearBit(0);
    made.setIdLocked((sequence % SEQUENCES) << INDEX_BITS | index);
    sequence++;
    used.set(index);
    byIndex.put(index, made);
    if (key != ShmRegistry.PRIVATE_KEY) {
      byKey.put(key, made);
    }
    return made;
  }

  /**
   * Finds an object by its number.
   *
   * @throws LinuxException EINVAL if there is none
   */
  T find(int id) {
    lock.lock();
    try {
      T found = byIndex.get(id & INDEX_MASK);
      if (id < 0 || found == null || found.id() != id) {
        throw LinuxException.of(Errno.EINVAL);
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Finds an object by its index, as the STAT commands do that list them all.
   *
   * @throws LinuxException EINVAL if there is none
   */
  T findByIndex(int index) {
    lock.lock();
    try {
      T found = byIndex.get(index & INDEX_MASK);
      if (found == null) {
        throw LinuxException.of(Errno.EINVAL);
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  /** Takes an object out and tells whoever waits for it. */
  void removeLocked(T object) {
    int index = object.id() & INDEX_MASK;
    if (byIndex.remove(index, object)) {
      used.clear(index);
      byKey.remove(object.key(), object);
      object.removeLocked();
    }
  }

  /** Returns the highest index in use, or 0. */
  int highestIndex() {
    lock.lock();
    try {
      return byIndex.isEmpty() ? 0 : byIndex.lastKey();
    } finally {
      lock.unlock();
    }
  }

  /** Returns all objects by their indexes. */
  List<T> all() {
    lock.lock();
    try {
      return new ArrayList<>(byIndex.values());
    } finally {
      lock.unlock();
    }
  }
}
