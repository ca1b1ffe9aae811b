package org.usermem.fs.watch;

import java.util.Arrays;

/**
 * The watches on one inode.
 *
 * <p>Thread safety: all methods may be called by any thread. A watch may still be told of an event
 * while another thread removes it.
 */
@SuppressWarnings("ReferenceEquality") // Watches are themselves.
public final class WatchList {

  private static final Watch[] NONE = {};

  // Replaced as a whole: events are far more frequent than registrations.
  private volatile Watch[] watches = NONE;

  /** Creates an empty list. */
  public WatchList() {}

  /**
   * Adds a watch.
   *
   * @param watch the watch
   */
  public synchronized void add(Watch watch) {
    Watch[] longer = Arrays.copyOf(watches, watches.length + 1);
    longer[longer.length - 1] = watch;
    watches = longer;
  }

  /**
   * Removes a watch; does nothing if it is not in the list.
   *
   * @param watch the watch
   */
  public synchronized void remove(Watch watch) {
    watches = Arrays.stream(watches).filter(other -> other != watch).toArray(Watch[]::new);
  }

  /**
   * Returns whether nobody watches.
   *
   * @return whether the list is empty
   */
  public boolean isEmpty() {
    return watches.length == 0;
  }

  /**
   * Tells every watch that wants to know of an event.
   *
   * @param events one event bit, perhaps with {@link WatchEvents#DIRECTORY}
   * @param cookie what the halves of a rename have in common, or 0
   * @param name the entry concerned, or an empty string
   */
  public void notify(int events, int cookie, String name) {
    notify(events, cookie, name, false);
  }

  /**
   * Tells every watch that wants to know of an event, as {@link #notify(int, int, String)}.
   *
   * @param removed whether the file has lost the name by which it is used
   */
  public void notify(int events, int cookie, String name, boolean removed) {
    for (Watch watch : watches) {
      int mask = watch.mask();
      boolean excluded = removed && (mask & WatchEvents.EXCLUDE_REMOVED) != 0;
      if ((mask & events & WatchEvents.ALL) != 0 && !excluded) {
        watch.happened(events, cookie, name);
      }
    }
  }

  /** Tells every watch that the inode has gone, and empties the list. */
  public void removeAll() {
    Watch[] all;
    synchronized (this) {
      all = watches;
      watches = NONE;
    }
    for (Watch watch : all) {
      watch.removed();
    }
  }
}
