package org.usermem.kernel.futex;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IO;
import org.usermem.io.IOOpts;

/**
 * The list of locks that a task says it holds (set_robust_list(2)); walked when the task ends
 * ({@code exit_robust_list}). The list lies in the program's memory and may be garbage.
 */
public final class RobustList {

  /** Length of {@code struct robust_list_head}. */
  public static final long HEAD_BYTE_COUNT = 24;

  /** Most entries that are walked ({@code ROBUST_LIST_LIMIT}). */
  public static final int MAXIMUM_ENTRIES = 2048;

  private static final long OFFSET_FIELD = 8;
  private static final long PENDING_FIELD = 16;

  /** Finds the key of a futex that may be shared. */
  @FunctionalInterface
  public interface Keys {
    /**
     * Returns a futex's key.
     *
     * @param addr address of the word
     * @return the key
     * @throws LinuxException EFAULT if nothing is mapped there
     */
    FutexKey key(long addr);
  }

  private final IO io;
  private final Keys keys;
  private final FutexTable table;
  private final int tid;

  /**
   * Prepares a walk.
   *
   * @param io the task's memory
   * @param keys finds keys in it
   * @param table where sleepers are
   * @param tid the task that ends
   */
  public RobustList(IO io, Keys keys, FutexTable table, int tid) {
    this.io = io;
    this.keys = keys;
    this.table = table;
    this.tid = tid;
  }

  /**
   * Marks each lock of the list that the task holds as left by a dead owner and wakes one sleeper
   * of each. Ends quietly where the list can't be read.
   *
   * @param head address of the head
   */
  public void release(long head) {
    try {
      long entry = io.loadLong(head, IOOpts.DEFAULT);
      long offset = io.loadLong(head + OFFSET_FIELD, IOOpts.DEFAULT);
      long pending = io.loadLong(head + PENDING_FIELD, IOOpts.DEFAULT);
      long pendingAddr = pending & ~1L;
      for (int left = MAXIMUM_ENTRIES; left > 0 && (entry & ~1L) != head; left--) {
        long addr = entry & ~1L;
        // The next entry is read first: the lock may be freed once its word is released.
        long next = nextEntry(addr);
        if (addr != pendingAddr) {
          releaseLock(addr + offset, (entry & 1) != 0, false);
        }
        entry = next;
      }
      if (pendingAddr != 0) {
        releaseLock(pendingAddr + offset, (pending & 1) != 0, true);
      }
    } catch (LinuxException e) {
      // What can't be reached can't be released; Linux gives up here as well.
      return;
    }
  }

  private long nextEntry(long addr) {
    return io.loadLong(addr, IOOpts.DEFAULT);
  }

  /** Follows {@code handle_futex_death}. */
  private void releaseLock(long addr, boolean isPi, boolean isPending) {
    if ((addr & 3) != 0) {
      throw LinuxException.of(Errno.EFAULT);
    }
    int word = io.loadInt(addr, IOOpts.DEFAULT);
    while (true) {
      int owner = word & PiFutexes.TID_MASK;
      if (isPending && !isPi && owner == 0) {
        // The task died between unlocking in user space and waking: wake for it.
        table.wake(keys.key(addr), FutexTable.MATCH_ANY, 1);
        return;
      }
      if (owner != tid) {
        return;
      }
      int dead = (word & PiFutexes.WAITERS) | PiFutexes.OWNER_DIED;
      int seen = io.compareAndExchangeInt(addr, word, dead, IOOpts.DEFAULT);
      if (seen == word) {
        break;
      }
      word = seen;
    }
    if (!isPi && (word & PiFutexes.WAITERS) != 0) {
      table.wake(keys.key(addr), FutexTable.MATCH_ANY, 1);
    }
  }
}
