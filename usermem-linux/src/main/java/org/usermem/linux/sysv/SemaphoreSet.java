package org.usermem.linux.sysv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.mm.shm.IpcCaller;
import org.usermem.mm.shm.IpcPermissions;

/** A set of semaphores: Linux's {@code sem_array}. */
public final class SemaphoreSet extends IpcObject {
  /** The highest value of a semaphore (SEMVMX). */
  public static final int MAXIMUM_VALUE = 32767;

  private final int[] values;
  private final int[] processIds;
  private final Set<UndoList> undoLists = new HashSet<>();
  private final List<SemaphoreWait> waits = new ArrayList<>();
  private long operationSeconds;

  SemaphoreSet(ReentrantLock lock, int key, IpcPermissions permissions, int count) {
    super(lock, key, permissions);
    this.values = new int[count];
    this.processIds = new int[count];
  }

  /** Returns how many semaphores it has. */
  public int count() {
    return values.length;
  }

  /**
   * What IPC_STAT tells.
   *
   * @param id the number
   * @param key the key
   * @param permissions owner and mode
   * @param operationSeconds when semop(2) was done last; 0 for never
   * @param changeSeconds when it was made or changed by semctl(2)
   * @param count how many semaphores it has
   */
  public record Status(
      int id,
      int key,
      IpcPermissions permissions,
      long operationSeconds,
      long changeSeconds,
      int count) {}

  /** Returns the state of the set. */
  public Status status() {
    lock().lock();
    try {
      return new Status(
          id(), key(), permissionsLocked(), operationSeconds, changeSecondsLocked(), count());
    } finally {
      lock().unlock();
    }
  }

  /**
   * Returns the state of the set to somebody who may read it.
   *
   * @throws LinuxException EACCES or EIDRM
   */
  public Status status(IpcCaller caller) {
    lock().lock();
    try {
      requireLocked(caller, READ);
      return status();
    } finally {
      lock().unlock();
    }
  }

  /** What can be asked about one semaphore. */
  public enum Question {
    /** GETVAL. */
    VALUE,
    /** GETPID: who changed it last. */
    PROCESS,
    /** GETNCNT: how many wait for it to increase. */
    WAITING_FOR_INCREASE,
    /** GETZCNT: how many wait for it to become zero. */
    WAITING_FOR_ZERO
  }

  /**
   * Answers a question about one semaphore.
   *
   * @throws LinuxException EACCES, EIDRM; EINVAL if there is no such semaphore
   */
  public int ask(IpcCaller caller, int number, Question question) {
    lock().lock();
    try {
      requireLocked(caller, READ);
      requireNumber(number);
      return switch (question) {
        case VALUE -> values[number];
        case PROCESS -> processIds[number];
        case WAITING_FOR_INCREASE -> countWaitsLocked(number, false);
        case WAITING_FOR_ZERO -> countWaitsLocked(number, true);
      };
    } finally {
      lock().unlock();
    }
  }

  private int countWaitsLocked(int number, boolean forZero) {
    int count = 0;
    for (SemaphoreWait wait : waits) {
      SemaphoreOperation blocking = wait.blocking();
      if (blocking.number() == number && (blocking.delta() == 0) == forZero) {
        count++;
      }
    }
    return count;
  }

  /**
   * Returns a copy of all values (GETALL).
   *
   * @throws LinuxException EACCES or EIDRM
   */
  public int[] values(IpcCaller caller) {
    lock().lock();
    try {
      requireLocked(caller, READ);
      return values.clone();
    } finally {
      lock().unlock();
    }
  }

  /**
   * Checks that somebody may set values, before they are copied from his memory.
   *
   * @throws LinuxException EACCES or EIDRM
   */
  public void requireWritable(IpcCaller caller) {
    lock().lock();
    try {
      requireLocked(caller, WRITE);
    } finally {
      lock().unlock();
    }
  }

  /**
   * Sets one value (SETVAL).
   *
   * @param value within the range of values
   * @throws LinuxException EINVAL, EACCES or EIDRM
   */
  public void setValue(IpcCaller caller, int number, int value) {
    lock().lock();
    try {
      requirePresentLocked();
      requireNumber(number);
      requireLocked(caller, WRITE);
      values[number] = value;
      processIds[number] = caller.pid();
      undoLists.forEach(each -> each.forget(this, number));
      changedLocked();
      goOnLocked();
    } finally {
      lock().unlock();
    }
  }

  /**
   * Sets all values (SETALL).
   *
   * @param newValues as many as there are semaphores, each within the range of values
   * @throws LinuxException EACCES or EIDRM
   */
  public void setValues(IpcCaller caller, int[] newValues) {
    lock().lock();
    try {
      requireLocked(caller, WRITE);
      System.arraycopy(newValues, 0, values, 0, values.length);
      Arrays.fill(processIds, caller.pid());
      forgetUndoLocked();
      changedLocked();
      goOnLocked();
    } finally {
      lock().unlock();
    }
  }

  /**
   * Changes owner and mode (IPC_SET).
   *
   * @throws LinuxException EPERM or EIDRM
   */
  public void setOwner(IpcCaller caller, int uid, int gid, int mode) {
    lock().lock();
    try {
      requireOwnerLocked(caller);
      setOwnerLocked(uid, gid, mode);
    } finally {
      lock().unlock();
    }
  }

  private void requireNumber(int number) {
    if (number < 0 || number >= values.length) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  void addUndoLocked(UndoList list) {
    undoLists.add(list);
  }

  private void forgetUndoLocked() {
    undoLists.forEach(each -> each.forget(this));
    undoLists.clear();
  }

  void addWaitLocked(SemaphoreWait wait) {
    waits.add(wait);
  }

  void dropWaitLocked(SemaphoreWait wait) {
    waits.remove(wait);
  }

  /**
   * Tries to do all operations or none ({@code perform_atomic_semop}).
   *
   * @return the first operation that has to wait; null if all are done
   * @throws LinuxException EAGAIN if the one that has to wait does not want to; ERANGE; ENOMEM
   */
  @Nullable SemaphoreOperation attemptLocked(
      List<SemaphoreOperation> operations, @Nullable UndoList undo, int processId) {
    int done = 0;
    boolean succeeds = false;
    try {
      for (SemaphoreOperation each : operations) {
        int value = values[each.number()];
        int after = value + each.delta();
        if (after < 0 || (each.delta() == 0 && value != 0)) {
          if (each.failsAtOnce()) {
            throw LinuxException.of(Errno.EAGAIN);
          }
          return each;
        }
        if (after > MAXIMUM_VALUE) {
          throw LinuxException.of(Errno.ERANGE);
        }
        if (each.isUndone() && undo != null) {
          undo.adjust(this, each.number(), -each.delta());
        }
        values[each.number()] = after;
        done++;
      }
      succeeds = true;
    } finally {
      if (!succeeds) {
        takeBackLocked(operations.subList(0, done), undo);
      }
    }
    operations.forEach(each -> processIds[each.number()] = processId);
    operationSeconds = seconds();
    return null;
  }

  private void takeBackLocked(List<SemaphoreOperation> operations, @Nullable UndoList undo) {
    for (SemaphoreOperation each : operations.reversed()) {
      values[each.number()] -= each.delta();
      if (each.isUndone() && undo != null) {
        undo.adjust(this, each.number(), each.delta());
      }
    }
  }

  /** Lets go on who can after a change: the first to come first, each change from the start. */
  void goOnLocked() {
    boolean changed = true;
    while (changed) {
      changed = false;
      Iterator<SemaphoreWait> each = waits.iterator();
      while (each.hasNext() && !changed) {
        SemaphoreWait wait = each.next();
        if (goOnLocked(wait)) {
          each.remove();
          changed = wait.error() == null;
        }
      }
    }
  }

  /** Returns whether a wait is over. */
  private boolean goOnLocked(SemaphoreWait wait) {
    try {
      SemaphoreOperation blocking = attemptLocked(wait.operations(), wait.undo(), wait.processId());
      if (blocking != null) {
        wait.setBlocking(blocking);
        return false;
      }
      wait.end(null);
    } catch (LinuxException e) {
      wait.end(e.errno());
    }
    return true;
  }

  /** Gives back what a process that ends has taken ({@code exit_sem}). */
  void undoLocked(UndoList list, Map<Integer, Integer> adjustments, int processId) {
    undoLists.remove(list);
    adjustments.forEach(
        (number, delta) -> {
          values[number] = Math.clamp(values[number] + delta, 0, MAXIMUM_VALUE);
          processIds[number] = processId;
        });
    if (!adjustments.isEmpty()) {
      operationSeconds = seconds();
      goOnLocked();
    }
  }

  @Override
  void endWaitsLocked() {
    waits.forEach(each -> each.end(Errno.EIDRM));
    waits.clear();
    forgetUndoLocked();
  }
}
