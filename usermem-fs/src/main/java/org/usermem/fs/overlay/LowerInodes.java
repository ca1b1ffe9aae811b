package org.usermem.fs.overlay;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.Inode;

/**
 * The overlay's inodes by the lower inodes that they stand for. Neither is kept by this: an inode
 * of the overlay keeps its lower one, and is found here for as long as somebody else keeps it.
 *
 * <p>Thread safety: none; the owner has a lock.
 */
final class LowerInodes {

  /** A lower inode, by identity. */
  private static final class Key extends WeakReference<Inode> {
    private final int hash;

    Key(Inode lower) {
      super(lower);
      this.hash = System.identityHashCode(lower);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (this == other) {
        return true;
      }
      Inode mine = get();
      return other instanceof Key key && mine != null && key.refersTo(mine);
    }
  }

  private static final class Entry extends WeakReference<Inode> {
    private final Key key;

    Entry(Key key, Inode inode, ReferenceQueue<Inode> collected) {
      super(inode, collected);
      this.key = key;
    }
  }

  private final Map<Key, Entry> entries = new HashMap<>();
  private final ReferenceQueue<Inode> collected = new ReferenceQueue<>();

  @Nullable Inode get(Inode lower) {
    Entry entry = entries.get(new Key(lower));
    return entry == null ? null : entry.get();
  }

  void put(Inode lower, Inode inode) {
    for (var reference = collected.poll(); reference != null; reference = collected.poll()) {
      entries.remove(((Entry) reference).key, reference);
    }
    Key key = new Key(lower);
    // Out with the key of an entry that was collected: the entry has to know the one in the map.
    entries.remove(key);
    entries.put(key, new Entry(key, inode, collected));
  }
}
