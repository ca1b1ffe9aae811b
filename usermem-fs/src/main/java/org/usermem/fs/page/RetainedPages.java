package org.usermem.fs.page;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files whose pages are kept although nobody uses them, for the next program that maps them; those
 * used last are kept, up to a limit.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public final class RetainedPages {

  private final long byteLimit;
  private final LinkedHashMap<CachedContents, Long> files = new LinkedHashMap<>();
  private long bytes;

  /**
   * Creates a policy.
   *
   * @param byteLimit how many bytes of pages are kept
   */
  public RetainedPages(long byteLimit) {
    this.byteLimit = byteLimit;
  }

  /**
   * Keeps the pages of a file that nobody uses, and drops those of others if there are too many.
   */
  void keep(CachedContents contents, long byteCount) {
    List<CachedContents> evicted = new ArrayList<>();
    synchronized (this) {
      Long before = files.remove(contents);
      files.put(contents, byteCount);
      bytes += byteCount - (before == null ? 0 : before);
      Iterator<Map.Entry<CachedContents, Long>> eldest = files.entrySet().iterator();
      while (bytes > byteLimit && eldest.hasNext()) {
        Map.Entry<CachedContents, Long> entry = eldest.next();
        eldest.remove();
        bytes -= entry.getValue();
        evicted.add(entry.getKey());
      }
    }
    evicted.forEach(CachedContents::dropPagesIfUnused);
  }

  /** Takes note that a file is used again. */
  synchronized void use(CachedContents contents) {
    Long before = files.remove(contents);
    bytes -= before == null ? 0 : before;
  }

  /** Drops all that is kept, because memory is short. Returns whether there was anything. */
  public boolean dropAll() {
    List<CachedContents> all;
    synchronized (this) {
      all = new ArrayList<>(files.keySet());
      files.clear();
      bytes = 0;
    }
    all.forEach(CachedContents::dropPagesIfUnused);
    return !all.isEmpty();
  }
}
