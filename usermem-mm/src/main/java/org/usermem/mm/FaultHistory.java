package org.usermem.mm;

import java.util.ArrayList;
import java.util.List;
import org.usermem.addr.AccessType;

/**
 * What was faulted in first after the last forks of an address space, on one of the two sides.
 *
 * <p>Programs that fork do so again, and what runs next is mostly the same: it writes to its stack,
 * to a few variables, and runs the code around. A fault costs as much as to map all of that.
 *
 * <p>Thread safety: every method from any thread.
 */
final class FaultHistory {

  /** How many faults after a fork are remembered, and brought in after the next. */
  static final int CAPACITY = 16;

  /** So many forks, and it begins anew: programs change. */
  private static final int USES = 64;

  /** A page and how it was accessed. */
  record Fault(long page, AccessType access) {}

  // Guarded by this:
  private final List<Fault> faults = new ArrayList<>();
  private int uses;

  private int awaited;

  /**
   * Remembers a fault, if there is room.
   *
   * @return whether those that follow are of interest too
   */
  synchronized boolean add(long page, AccessType access) {
    Fault fault = new Fault(page, access);
    if (faults.size() < CAPACITY && !faults.contains(fault)) {
      faults.add(fault);
    }
    awaited--;
    return awaited > 0;
  }

  /** Returns what to bring in after a fork. */
  synchronized List<Fault> use() {
    List<Fault> known = List.copyOf(faults);
    awaited = CAPACITY;
    if (++uses == USES) {
      uses = 0;
      faults.clear();
    }
    return known;
  }
}
