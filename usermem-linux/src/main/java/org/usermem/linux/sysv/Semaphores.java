package org.usermem.linux.sysv;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Blocking.Outcome;
import org.usermem.kernel.Task;
import org.usermem.mm.shm.IpcCaller;
import org.usermem.mm.shm.IpcPermissions;

/**
 * All sets of semaphores: Linux's ipc/sem.c. Thread-safe; one lock guards the table, the sets and
 * the undo lists, and comes after the kernel's lock of tasks.
 */
public final class Semaphores {
  /** The most sets (SEMMNI). */
  public static final int MAXIMUM_SETS = 32000;

  /** The most semaphores of a set (SEMMSL). */
  public static final int MAXIMUM_SET_SIZE = 32000;

  /** The most semaphores of all sets together (SEMMNS). */
  public static final int MAXIMUM_SEMAPHORES = MAXIMUM_SETS * MAXIMUM_SET_SIZE;

  /** The most operations of one call (SEMOPM). */
  public static final int MAXIMUM_OPERATIONS = 500;

  private final ReentrantLock lock = new ReentrantLock();
  private final IpcTable<SemaphoreSet> table = new IpcTable<>(MAXIMUM_SETS, lock);
  private final ConcurrentHashMap<Task, UndoList> undoLists = new ConcurrentHashMap<>();
  private final IpcBudget budget;
  private int semaphores;

  Semaphores(IpcBudget budget) {
    this.budget = budget;
  }

  /**
   * Finds or makes a set as semget(2) does.
   *
   * @throws LinuxException EINVAL, ENOENT, EEXIST, EACCES, ENOSPC or ENOMEM
   */
  public SemaphoreSet get(int key, int count, int flags, IpcCaller caller) {
    if (count < 0 || count > MAXIMUM_SET_SIZE) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return table.get(
        key,
        flags,
        caller,
        found -> {
          if (count > found.count()) {
            throw LinuxException.of(Errno.EINVAL);
          }
        },
        () -> makeLocked(key, count, flags, caller));
  }

  private SemaphoreSet makeLocked(int key, int count, int flags, IpcCaller caller) {
    if (count == 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (!budget.semaphores().take(count)) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    semaphores += count;
    return new SemaphoreSet(lock, key, IpcPermissions.ofNew(caller, flags), count);
  }

  /**
   * Finds a set by its number.
   *
   * @throws LinuxException EINVAL if there is none
   */
  public SemaphoreSet find(int id) {
    return table.find(id);
  }

  /**
   * Finds a set by its index.
   *
   * @throws LinuxException EINVAL if there is none
   */
  public SemaphoreSet findByIndex(int index) {
    return table.findByIndex(index);
  }

  /** Returns the highest index in use, or 0. */
  public int highestIndex() {
    return table.highestIndex();
  }

  /** Returns all sets. */
  public List<SemaphoreSet> sets() {
    return table.all();
  }

  /** Returns how many semaphores there are in all sets. */
  public int count() {
    lock.lock();
    try {
      return semaphores;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Removes a set (IPC_RMID); who waits for it gets EIDRM.
   *
   * @throws LinuxException EPERM or EIDRM
   */
  public void remove(SemaphoreSet set, IpcCaller caller) {
    lock.lock();
    try {
      set.requireOwnerLocked(caller);
      removeLocked(set);
    } finally {
      lock.unlock();
    }
  }

  private void removeLocked(SemaphoreSet set) {
    semaphores -= set.count();
    budget.semaphores().giveBack(set.count());
    table.removeLocked(set);
  }

  /** Removes all sets. */
  void close() {
    lock.lock();
    try {
      table.all().forEach(this::removeLocked);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Does operations on a set, all at once, and waits until they can be done: semtimedop(2).
   *
   * @param task who does them, on its own thread
   * @param deadline a monotonic time
   * @throws LinuxException EFBIG, EACCES, ERANGE, EAGAIN at the deadline, EINTR, EIDRM, ENOMEM
   */
  public void operate(
      Task task, SemaphoreSet set, List<SemaphoreOperation> operations, long deadline) {
    boolean changes = operations.stream().anyMatch(each -> each.delta() != 0);
    SemaphoreWait wait;
    lock.lock();
    try {
      if (operations.stream().anyMatch(each -> each.number() >= set.count())) {
        throw LinuxException.of(Errno.EFBIG);
      }
      set.requireLocked(new TaskCaller(task), changes ? IpcObject.WRITE : IpcObject.READ);
      UndoList undo =
          operations.stream().anyMatch(SemaphoreOperation::isUndone) ? undoListOf(task) : null;
      SemaphoreOperation blocking = set.attemptLocked(operations, undo, task.processId());
      if (blocking == null) {
        if (changes) {
          set.goOnLocked();
        }
        return;
      }
      wait = new SemaphoreWait(task, operations, undo, blocking);
      set.addWaitLocked(wait);
    } finally {
      lock.unlock();
    }
    Errno error = await(task, set, wait, deadline);
    if (error != null) {
      throw LinuxException.of(error);
    }
  }

  private @Nullable Errno await(Task task, SemaphoreSet set, SemaphoreWait wait, long deadline) {
    Outcome outcome = task.blocking().until(wait::isDone, deadline);
    lock.lock();
    try {
      if (wait.isDone()) {
        return wait.error();
      }
      set.dropWaitLocked(wait);
      return outcome == Outcome.TIMED_OUT ? Errno.EAGAIN : Errno.EINTR;
    } finally {
      lock.unlock();
    }
  }

  private UndoList undoListOf(Task task) {
    return undoLists.computeIfAbsent(task, key -> new UndoList(budget.adjustments()));
  }

  /** Has a new task share the undo list of the one that makes it (CLONE_SYSVSEM). */
  public void share(Task parent, Task child) {
    lock.lock();
    try {
      UndoList list = undoListOf(parent);
      list.addUser();
      undoLists.put(child, list);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a task's use of its undo list, at its end or by unshare(2); the last one gives back what
   * is on it.
   */
  public void leave(Task task) {
    if (!undoLists.containsKey(task)) {
      return;
    }
    lock.lock();
    try {
      UndoList list = undoLists.remove(task);
      if (list != null && list.dropUser()) {
        for (Map.Entry<SemaphoreSet, Map<Integer, Integer>> each :
            List.copyOf(list.adjustments().entrySet())) {
          SemaphoreSet set = each.getKey();
          set.undoLocked(list, each.getValue(), task.processId());
          list.forget(set);
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
