package org.usermem.linux.sysv;

import java.util.HashMap;
import java.util.Map;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * What the operations with SEM_UNDO of a process have taken, to be given back at its end: Linux's
 * {@code sem_undo_list}. Guarded by the lock of the sets.
 */
final class UndoList {
  private static final int MAXIMUM = 32767;

  private final Budget kept;
  private final Map<SemaphoreSet, Map<Integer, Integer>> adjustments = new HashMap<>();
  private int users = 1;

  /**
   * Makes an empty list.
   *
   * @param kept how many adjustments all lists may keep
   */
  UndoList(Budget kept) {
    this.kept = kept;
  }

  void addUser() {
    users++;
  }

  /** Takes a user away and returns whether there is none left. */
  boolean dropUser() {
    users--;
    return users == 0;
  }

  Map<SemaphoreSet, Map<Integer, Integer>> adjustments() {
    return adjustments;
  }

  /**
   * Notes what is to be added to a semaphore at the end.
   *
   * @throws LinuxException ERANGE if that is too much; ENOMEM
   */
  void adjust(SemaphoreSet set, int number, int delta) {
    Map<Integer, Integer> ofSet = adjustments.get(set);
    Integer before = ofSet == null ? null : ofSet.get(number);
    int after = (before == null ? 0 : before) + delta;
    if (after > MAXIMUM || after < -MAXIMUM - 1) {
      throw LinuxException.of(Errno.ERANGE);
    }
    if (before == null && !kept.take(1)) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    if (ofSet == null) {
      ofSet = new HashMap<>();
      adjustments.put(set, ofSet);
      set.addUndoLocked(this);
    }
    ofSet.put(number, after);
  }

  /** Forgets one semaphore, whose value somebody has set. */
  void forget(SemaphoreSet set, int number) {
    Map<Integer, Integer> ofSet = adjustments.get(set);
    if (ofSet != null && ofSet.remove(number) != null) {
      kept.giveBack(1);
    }
  }

  /** Forgets a set. */
  void forget(SemaphoreSet set) {
    Map<Integer, Integer> ofSet = adjustments.remove(set);
    if (ofSet != null) {
      kept.giveBack(ofSet.size());
    }
  }
}
