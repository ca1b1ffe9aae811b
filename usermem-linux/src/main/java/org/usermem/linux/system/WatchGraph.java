package org.usermem.linux.system;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;

/**
 * Which epoll instances watch which, so that notifications neither go round nor too deep. Linux:
 * {@code ep_loop_check}.
 *
 * <p>Thread-safe; its lock is a leaf.
 */
public final class WatchGraph {
  /** How many watches one behind the other a notification may climb (EP_MAX_NESTS). */
  private static final int MAXIMUM_DEPTH = 4;

  // Guarded by this. A pair is listed as often as it was linked.
  private final Map<FileDescription, List<FileDescription>> watched = new HashMap<>();
  private final Map<FileDescription, List<FileDescription>> watchers = new HashMap<>();

  /** Makes a graph without watches. */
  public WatchGraph() {}

  /**
   * Notes that one instance watches another.
   *
   * @throws LinuxException ELOOP if the other watches it already, at whatever remove, or if the
   *     chain would become too long
   */
  public synchronized void link(FileDescription watcher, FileDescription target) {
    int above = depth(watcher, watchers, target, new HashMap<>());
    int below = depth(target, watched, watcher, new HashMap<>());
    if (above + 1 + below > MAXIMUM_DEPTH) {
      throw LinuxException.of(Errno.ELOOP);
    }
    watched.computeIfAbsent(watcher, w -> new ArrayList<>(1)).add(target);
    watchers.computeIfAbsent(target, t -> new ArrayList<>(1)).add(watcher);
  }

  /** Forgets one watch. */
  public synchronized void unlink(FileDescription watcher, FileDescription target) {
    remove(watched, watcher, target);
    remove(watchers, target, watcher);
  }

  private static void remove(
      Map<FileDescription, List<FileDescription>> edges, FileDescription from, FileDescription to) {
    List<FileDescription> of = edges.get(from);
    if (of != null && of.remove(to) && of.isEmpty()) {
      edges.remove(from);
    }
  }

  /** Returns how long the longest way from a node is, in watches; each node is looked at once. */
  private static int depth(
      FileDescription from,
      Map<FileDescription, List<FileDescription>> edges,
      FileDescription forbidden,
      Map<FileDescription, Integer> known) {
    if (from.equals(forbidden)) {
      throw LinuxException.of(Errno.ELOOP);
    }
    Integer before = known.get(from);
    if (before != null) {
      return before;
    }
    int depth = 0;
    for (FileDescription next : edges.getOrDefault(from, List.of())) {
      depth = Math.max(depth, 1 + depth(next, edges, forbidden, known));
    }
    known.put(from, depth);
    return depth;
  }
}
