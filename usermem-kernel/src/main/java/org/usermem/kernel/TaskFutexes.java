package org.usermem.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.futex.FutexKey;
import org.usermem.kernel.futex.FutexTable;
import org.usermem.kernel.futex.FutexWaiter;
import org.usermem.kernel.futex.PiFutexes;
import org.usermem.kernel.futex.RobustList;
import org.usermem.mm.MemoryManager;

/**
 * futex(2) for one task, on its own thread. Addresses are those of 32-bit words; one that is not
 * aligned is EINVAL, one that can't be read EFAULT. Deadlines are monotonic times.
 */
public final class TaskFutexes {

  /** One word of futex_waitv(2). */
  public record Wait(long addr, int expected, boolean isPrivate) {}

  private final Task task;

  /** The waiter of plain waits, so that one allocates nothing; made by the first. */
  private @Nullable FutexWaiter ownWaiter;

  TaskFutexes(Task task) {
    this.task = task;
  }

  /**
   * Sleeps while a word has a value (FUTEX_WAIT, FUTEX_WAIT_BITSET).
   *
   * @param bitset which wake-ups it listens to, not 0
   * @throws LinuxException EAGAIN if the word has another value; ETIMEDOUT; EINVAL; EFAULT
   * @throws SyscallRestart IF_HANDLER_ALLOWS on a signal; with a deadline that came from a span of
   *     time the caller restarts by block
   */
  public void await(long addr, int expected, int bitset, long deadline, boolean isPrivate) {
    if (bitset == 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    FutexTable table = table();
    FutexWaiter waiter = waiter();
    MemoryManager memory = task.memoryManager();
    FutexKey key = isPrivate ? privateKey(waiter, memory, addr) : key(memory, addr, false);
    table.enqueue(waiter, key, memory, addr, expected, bitset);
    Blocking.Outcome outcome = task.blocking().until(waiter::isWoken, deadline);
    if (outcome == Blocking.Outcome.READY || !table.dequeue(waiter)) {
      return;
    }
    throwFor(outcome);
  }

  /**
   * Sleeps on several words at once (futex_waitv(2)).
   *
   * @return the index of a word whose sleepers were woken
   * @throws LinuxException EAGAIN if a word has another value; ETIMEDOUT; EINVAL; EFAULT
   * @throws SyscallRestart IF_HANDLER_ALLOWS on a signal
   */
  public int awaitAny(List<Wait> waits, long deadline) {
    FutexWaiter[] waiters = new FutexWaiter[waits.size()];
    int queued = 0;
    try {
      for (Wait wait : waits) {
        FutexWaiter waiter = newWaiter();
        enqueue(waiter, wait);
        waiters[queued++] = waiter;
      }
      Blocking.Outcome outcome = task.blocking().until(() -> firstWoken(waiters) >= 0, deadline);
      if (outcome != Blocking.Outcome.READY && firstWoken(waiters) < 0) {
        throwFor(outcome);
      }
      return firstWoken(waiters);
    } catch (LinuxException e) {
      // A word that was woken before another was found changed counts as the wake-up.
      int woken = firstWoken(waiters);
      if (woken >= 0 && e.errno() == Errno.EAGAIN) {
        return woken;
      }
      throw e;
    } finally {
      for (int index = 0; index < queued; index++) {
        table().dequeue(waiters[index]);
      }
    }
  }

  private void enqueue(FutexWaiter waiter, Wait wait) {
    MemoryManager memory = task.memoryManager();
    table()
        .enqueue(
            waiter,
            key(memory, wait.addr, wait.isPrivate),
            memory,
            wait.addr,
            wait.expected,
            FutexTable.MATCH_ANY);
  }

  private static int firstWoken(@Nullable FutexWaiter[] waiters) {
    for (int index = 0; index < waiters.length; index++) {
      FutexWaiter waiter = waiters[index];
      if (waiter != null && waiter.isWoken()) {
        return index;
      }
    }
    return -1;
  }

  /**
   * Wakes sleepers (FUTEX_WAKE, FUTEX_WAKE_BITSET).
   *
   * @return how many
   * @throws LinuxException EINVAL for an empty bitset; EFAULT
   */
  public int wake(long addr, int bitset, int maximum, boolean isPrivate) {
    if (bitset == 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return table().wake(key(task.memoryManager(), addr, isPrivate), bitset, maximum);
  }

  /**
   * Wakes some sleepers and moves others to a second word (FUTEX_REQUEUE).
   *
   * @return how many were woken or moved
   * @throws LinuxException EINVAL; EFAULT
   */
  public int requeue(
      long addr, long toAddr, int wakeMaximum, int requeueMaximum, boolean isPrivate) {
    MemoryManager memory = task.memoryManager();
    FutexKey from = key(memory, addr, isPrivate);
    FutexKey to = key(memory, toAddr, isPrivate);
    return table().requeue(from, to, null, wakeMaximum, requeueMaximum);
  }

  /**
   * The same if the first word has a value (FUTEX_CMP_REQUEUE).
   *
   * @throws LinuxException EAGAIN if it has another; EINVAL; EFAULT
   */
  public int compareAndRequeue(
      long addr,
      int expected,
      long toAddr,
      int wakeMaximum,
      int requeueMaximum,
      boolean isPrivate) {
    MemoryManager memory = task.memoryManager();
    FutexKey from = key(memory, addr, isPrivate);
    FutexKey to = key(memory, toAddr, isPrivate);
    FutexTable.WordCheck check = FutexTable.WordCheck.of(memory, addr, expected);
    return table().requeue(from, to, check, wakeMaximum, requeueMaximum);
  }

  /**
   * Changes a second word, wakes sleepers of the first and perhaps of the second (FUTEX_WAKE_OP).
   *
   * @return how many were woken
   * @throws LinuxException ENOSYS for an unknown operation; EFAULT
   */
  public int wakeOp(
      long addr, long otherAddr, int wakeFirst, int wakeSecond, int operation, boolean isPrivate) {
    MemoryManager memory = task.memoryManager();
    FutexKey first = key(memory, addr, isPrivate);
    FutexKey second = key(memory, otherAddr, isPrivate);
    return table().wakeOp(first, second, memory, otherAddr, wakeFirst, wakeSecond, operation);
  }

  /**
   * Takes a lock with priority inheritance (FUTEX_LOCK_PI, FUTEX_LOCK_PI2, FUTEX_TRYLOCK_PI).
   *
   * @param onlyTry whether to fail with EAGAIN rather than wait
   * @throws LinuxException EDEADLK, ESRCH, EAGAIN, ETIMEDOUT, EFAULT
   * @throws SyscallRestart ALWAYS on a signal
   */
  public void lockPi(long addr, boolean onlyTry, long deadline, boolean isPrivate) {
    FutexTable table = table();
    MemoryManager memory = task.memoryManager();
    FutexKey key = key(memory, addr, isPrivate);
    FutexWaiter waiter = waiter();
    while (!tryLockPi(waiter, key, memory, addr, onlyTry)) {
      Blocking.Outcome outcome = task.blocking().until(waiter::isWoken, deadline);
      if (outcome == Blocking.Outcome.READY || !table.dequeue(waiter)) {
        return;
      }
      if (outcome == Blocking.Outcome.INTERRUPTED) {
        throw SyscallRestart.ALWAYS;
      }
      throwFor(outcome);
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // The owner that is awaited may need this processor.
  private boolean tryLockPi(
      FutexWaiter waiter, FutexKey key, MemoryManager memory, long addr, boolean onlyTry) {
    while (true) {
      try {
        return table().pi().lock(waiter, key, memory, addr, onlyTry, this::ownerState);
      } catch (LinuxException e) {
        if (e.errno() != Errno.EAGAIN || onlyTry) {
          throw e;
        }
        // The owner is on its way out: once it is gone the word says so.
        Thread.yield();
        if (task.isKilled()) {
          throw SyscallRestart.ALWAYS;
        }
      }
    }
  }

  /**
   * Gives a lock up (FUTEX_UNLOCK_PI).
   *
   * @throws LinuxException EPERM if the task does not hold it; EFAULT
   */
  public void unlockPi(long addr, boolean isPrivate) {
    MemoryManager memory = task.memoryManager();
    table().pi().unlock(key(memory, addr, isPrivate), memory, addr, task.tid());
  }

  /**
   * Sleeps on a plain word until moved to a lock and given that (FUTEX_WAIT_REQUEUE_PI).
   *
   * @throws LinuxException EAGAIN if the word has another value; ETIMEDOUT; EINVAL; EFAULT
   * @throws SyscallRestart IF_HANDLER_ALLOWS on a signal
   */
  public void awaitRequeuePi(
      long addr, int expected, int bitset, long deadline, long lockAddr, boolean isPrivate) {
    if (bitset == 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    FutexTable table = table();
    MemoryManager memory = task.memoryManager();
    FutexKey key = key(memory, addr, isPrivate);
    FutexKey lockKey = key(memory, lockAddr, isPrivate);
    FutexWaiter waiter = waiter();
    table.pi().enqueueForRequeue(waiter, key, memory, addr, expected, bitset, lockKey, lockAddr);
    Blocking.Outcome outcome = task.blocking().until(waiter::isWoken, deadline);
    if (outcome == Blocking.Outcome.READY || !table.dequeue(waiter)) {
      return;
    }
    if (outcome == Blocking.Outcome.INTERRUPTED) {
      // Starting over would wait for a wake-up that has gone by (futex_wait_requeue_pi).
      throw LinuxException.of(Errno.EAGAIN);
    }
    throwFor(outcome);
  }

  /**
   * Moves sleepers of a plain word to a lock (FUTEX_CMP_REQUEUE_PI).
   *
   * @return how many were moved or got the lock
   * @throws LinuxException EAGAIN if the word has another value; EINVAL; ESRCH; EFAULT
   */
  public int requeuePi(
      long addr, int expected, long lockAddr, int requeueMaximum, boolean isPrivate) {
    MemoryManager memory = task.memoryManager();
    FutexKey from = key(memory, addr, isPrivate);
    FutexKey to = key(memory, lockAddr, isPrivate);
    FutexTable.WordCheck check = FutexTable.WordCheck.of(memory, addr, expected);
    return table()
        .pi()
        .requeue(from, to, check, memory, lockAddr, requeueMaximum, this::ownerState);
  }

  /**
   * Releases what the task holds, when it ends or executes a program ({@code futex_exit_release}).
   */
  void releaseAll() {
    MemoryManager memory = task.parts.memory();
    long head = task.parts.robustListHead();
    if (memory != null && head != 0) {
      new RobustList(memory, addr -> key(memory, addr, false), table(), task.tid()).release(head);
    }
    table().pi().releaseAllOf(task.tid());
  }

  /** Clears the number that the task stored at its start, and wakes who joins it. */
  void wakeJoiner() {
    MemoryManager memory = task.parts.memory();
    long addr = task.parts.clearChildTidAddr();
    if (memory != null && task.parts.clearChildTid()) {
      try {
        table().wake(key(memory, addr, false), FutexTable.MATCH_ANY, 1);
      } catch (LinuxException e) {
        // Nothing is mapped there any more, so nobody sleeps there.
        return;
      }
    }
  }

  private PiFutexes.Owner ownerState(int tid) {
    Task owner = task.kernel().task(tid);
    if (owner == null) {
      return PiFutexes.Owner.NONE;
    }
    return owner.life.isExiting() ? PiFutexes.Owner.EXITING : PiFutexes.Owner.ALIVE;
  }

  private static void throwFor(Blocking.Outcome outcome) {
    if (outcome == Blocking.Outcome.TIMED_OUT) {
      throw LinuxException.of(Errno.ETIMEDOUT);
    }
    throw SyscallRestart.IF_HANDLER_ALLOWS;
  }

  private FutexTable table() {
    return task.kernel().futexes();
  }

  private FutexWaiter waiter() {
    assert task.isOwnThread() : "futexes are for the task's own thread";
    FutexWaiter waiter = ownWaiter;
    if (waiter == null) {
      waiter = newWaiter();
      ownWaiter = waiter;
    }
    return waiter;
  }

  private FutexWaiter newWaiter() {
    return new FutexWaiter(task.tid(), task.blocking()::wake);
  }

  /** Forgets the waiter: the task's number has changed. */
  void renumbered() {
    ownWaiter = null;
  }

  private static FutexKey key(MemoryManager memory, long addr, boolean isPrivate) {
    if (!isPrivate) {
      return new FutexKey(memory.futexKey(addr, false), 0);
    }
    requireWord(memory, addr);
    return new FutexKey(memory, addr);
  }

  private static FutexKey privateKey(FutexWaiter waiter, MemoryManager memory, long addr) {
    requireWord(memory, addr);
    return waiter.keyOf(memory, addr);
  }

  private static void requireWord(MemoryManager memory, long addr) {
    if ((addr & 3) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (Long.compareUnsigned(addr, memory.layout().maxAddress()) >= 0) {
      throw LinuxException.of(Errno.EFAULT);
    }
  }
}
