package org.usermem.kernel;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.usermem.kernel.signal.SignalInfo;

/** A process group: what a shell calls a job. Safe for use by several threads. */
public final class ProcessGroup {

  private final TaskSet tasks;
  private final int id;
  private final Session session;
  private final Set<ThreadGroup> members = new LinkedHashSet<>();

  ProcessGroup(TaskSet tasks, int id, Session session) {
    this.tasks = tasks;
    this.id = id;
    this.session = session;
  }

  /** Returns the group's number: that of the process that made it. */
  public int id() {
    return id;
  }

  /** Returns the session that the group belongs to. */
  public Session session() {
    return session;
  }

  /** Returns the processes of the group, zombies too. */
  public List<ThreadGroup> members() {
    tasks.lock();
    try {
      return List.copyOf(members);
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Sends a signal from the kernel to every process of the group ({@code kill_pgrp}).
   *
   * @param info the signal
   */
  public void send(SignalInfo info) {
    tasks.lock();
    try {
      sendLocked(info);
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Returns whether the group is orphaned: no process of it has a parent in another group of the
   * session, so nobody would continue what stops.
   */
  public boolean isOrphaned() {
    tasks.lock();
    try {
      return isOrphanedLocked(null);
    } finally {
      tasks.unlock();
    }
  }

  void sendLocked(SignalInfo info) {
    for (ThreadGroup member : List.copyOf(members)) {
      SignalSender.sendToGroupLocked(member, info);
    }
  }

  /**
   * Follows {@code will_become_orphaned_pgrp}. The first process is like that of a PID namespace: a
   * shell may be it, and has jobs.
   */
  boolean isOrphanedLocked(@Nullable ThreadGroup ignored) {
    for (ThreadGroup member : members) {
      Task parent = member.parentLocked();
      if (member == ignored || member.isDeadLocked() || parent == null) {
        continue;
      }
      ProcessGroup parents = parent.threadGroup().processGroup();
      if (parents != this && parents.session() == session) {
        return false;
      }
    }
    return true;
  }

  boolean hasStoppedMemberLocked() {
    return members.stream().anyMatch(member -> member.jobs.isStopped);
  }

  List<ThreadGroup> membersLocked() {
    return List.copyOf(members);
  }

  void addLocked(ThreadGroup member) {
    members.add(member);
  }

  void removeLocked(ThreadGroup member) {
    members.remove(member);
    if (members.isEmpty()) {
      tasks.removeLocked(this);
      session.removeLocked(this);
    }
  }
}
