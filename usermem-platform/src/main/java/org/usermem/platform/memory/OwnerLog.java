package org.usermem.platform.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.usermem.addr.Addr;
import org.usermem.memmap.FileRange;

/**
 * Who took and dropped references on each page, for tests that refuse leaks.
 *
 * <p>An owner is the method outside the memory file that took the reference, and its thread. The
 * log of a page ends when the page is freed.
 *
 * <p>Thread safety: none; the memory file's lock guards it.
 */
final class OwnerLog {

  private static final StackWalker WALKER = StackWalker.getInstance();
  private static final Set<String> OWN_CLASSES =
      Set.of(OwnerLog.class.getName(), PageLedger.class.getName(), HostMemoryFile.class.getName());

  private final Map<Long, List<String>> entriesByPage = new HashMap<>();

  /** Records what the caller of the memory file does to the references of a range. */
  void record(String what, FileRange range) {
    String entry = what + " by " + caller() + " on " + Thread.currentThread().getName();
    for (long offset = range.start(); offset < range.end(); offset += Addr.PAGE_SIZE) {
      entriesByPage.computeIfAbsent(offset, page -> new ArrayList<>()).add(entry);
    }
  }

  /** Forgets pages that nobody references. */
  void forget(long start, long end) {
    for (long offset = start; offset < end; offset += Addr.PAGE_SIZE) {
      entriesByPage.remove(offset);
    }
  }

  /** Returns the entries of the first page of an extent, oldest first. */
  List<String> entries(Extent extent) {
    return List.copyOf(entriesByPage.getOrDefault(extent.start, List.of()));
  }

  private static String caller() {
    return WALKER.walk(
        frames ->
            frames
                .filter(frame -> !OWN_CLASSES.contains(frame.getClassName()))
                .findFirst()
                .map(StackWalker.StackFrame::toString)
                .orElse("nobody"));
  }
}
