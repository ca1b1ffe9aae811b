package org.usermem.kernel;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * Every task of a kernel by number, and the one lock that guards how tasks relate: parents and
 * children, tracers, groups and sessions, pending signals, stops and exits (Linux's tasklist_lock
 * and every siglock in one).
 *
 * <p>Lock order of the module: this lock, then queue locks of files and timers. Never under it:
 * locks of an address space, of a futex bucket or of a descriptor table, and nothing that blocks.
 */
final class TaskSet {

  /** One more than the greatest number of a task. */
  static final int TID_LIMIT = 1 << 22;

  private final ReentrantLock lock = new ReentrantLock();
  private final ConcurrentHashMap<Integer, Task> tasks = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Integer, ProcessGroup> processGroups = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Integer, Session> sessions = new ConcurrentHashMap<>();
  private final int maximumTasks;
  private int lastTid;
  private int count;
  private @Nullable ThreadGroup init;
  private boolean closing;

  TaskSet(int maximumTasks) {
    this.maximumTasks = maximumTasks;
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  boolean isLocked() {
    return lock.isHeldByCurrentThread();
  }

  /** Returns the live or zombie task of a number. */
  @Nullable Task get(int tid) {
    return tasks.get(tid);
  }

  /** Returns the process of a number: only a leader's number names one. */
  @Nullable ThreadGroup process(int pid) {
    Task task = tasks.get(pid);
    return task != null && task.threadGroup().leader() == task ? task.threadGroup() : null;
  }

  Collection<Task> all() {
    return List.copyOf(tasks.values());
  }

  @Nullable ProcessGroup processGroup(int id) {
    return processGroups.get(id);
  }

  @Nullable Session session(int id) {
    return sessions.get(id);
  }

  @Nullable ThreadGroup init() {
    return init;
  }

  void setInitLocked(ThreadGroup group) {
    init = group;
  }

  /** Returns whether the kernel ends: nobody stops for a tracer any more. */
  boolean isClosingLocked() {
    return closing;
  }

  /** Has everybody go on who is stopped for a tracer, even one that SIGKILL can't wake any more. */
  void beginClosing() {
    lock();
    try {
      closing = true;
      tasks.values().forEach(task -> task.stops.endTraceStopLocked());
    } finally {
      unlock();
    }
  }

  int countLocked() {
    return count;
  }

  /** Counts a task that is being made. */
  void reserveLocked() {
    if (count >= maximumTasks) {
      throw LinuxException.of(Errno.EAGAIN);
    }
    count++;
  }

  void unreserveLocked() {
    count--;
  }

  /**
   * Finds a free number ({@code alloc_pid}): the next after the last one given, so that numbers
   * come back late.
   *
   * @param requested the number wanted, or 0
   * @throws LinuxException EEXIST if the number wanted is in use; EAGAIN if none is free
   */
  int allocateTidLocked(int requested) {
    if (requested != 0) {
      if (requested < 0 || requested >= TID_LIMIT) {
        throw LinuxException.of(Errno.EINVAL);
      }
      if (isUsed(requested)) {
        throw LinuxException.of(Errno.EEXIST);
      }
      return requested;
    }
    for (int tried = 0; tried < TID_LIMIT; tried++) {
      lastTid = lastTid + 1 < TID_LIMIT ? lastTid + 1 : 2;
      if (!isUsed(lastTid)) {
        return lastTid;
      }
    }
    throw LinuxException.of(Errno.EAGAIN);
  }

  private boolean isUsed(int tid) {
    return tasks.containsKey(tid) || processGroups.containsKey(tid) || sessions.containsKey(tid);
  }

  void addLocked(Task task) {
    tasks.put(task.tid(), task);
  }

  void removeLocked(Task task) {
    tasks.remove(task.tid(), task);
    count--;
  }

  /** Gives a task the number of its leader, which is gone ({@code exchange_tids}). */
  void takeOverTidLocked(Task task, Task leader) {
    int own = task.tid();
    int leaders = leader.tid();
    task.life.setTid(leaders);
    leader.life.setTid(own);
    tasks.put(leaders, task);
    tasks.put(own, leader);
  }

  void addLocked(ProcessGroup group) {
    processGroups.put(group.id(), group);
  }

  void removeLocked(ProcessGroup group) {
    processGroups.remove(group.id(), group);
  }

  void addLocked(Session session) {
    sessions.put(session.id(), session);
  }

  void removeLocked(Session session) {
    sessions.remove(session.id(), session);
  }
}
