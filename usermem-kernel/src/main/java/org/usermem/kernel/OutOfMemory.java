package org.usermem.kernel;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.signal.Signals;

/**
 * Makes room where a program needs a page and there is none: the process that has the most memory
 * is killed, not the one that happens to ask ({@code mm/oom_kill.c}).
 */
final class OutOfMemory {

  private static final System.Logger LOG = System.getLogger(OutOfMemory.class.getName());
  private static final long LOOK_AGAIN_MILLIS = 20;

  private static final int ADJUSTED_NEVER = -1000;

  private OutOfMemory() {}

  /**
   * Kills the largest process, unless one is ending as it is, and waits until its memory is free,
   * or until the task that asks is to end itself, perhaps because that process is its own.
   */
  static void makeRoom(Task asking, TaskSet tasks) {
    ThreadGroup victim = choose(asking);
    if (kill(victim, tasks)) {
      LOG.log(System.Logger.Level.WARNING, "out of memory: killed process " + victim.id());
    }
    while (victim != asking.threadGroup() && !asking.isKilled() && !isGone(victim)) {}
  }

  private static ThreadGroup choose(Task asking) {
    ThreadGroup largest = asking.threadGroup();
    long most = -1;
    for (ThreadGroup group : asking.kernel().processes()) {
      if (group.isExiting && !group.hasEnded()) {
        return group;
      }
      long badness = badness(group);
      if (badness > most) {
        largest = group;
        most = badness;
      }
    }
    return largest;
  }

  /** Follows {@code oom_badness}; -1 for a process that has no memory or is not to be killed. */
  private static long badness(ThreadGroup group) {
    int adjustment = group.oomScoreAdjustment();
    if (group.hasEnded() || adjustment == ADJUSTED_NEVER) {
      return -1;
    }
    try (MemoryUse use = group.leader().useMemory()) {
      long limit = group.leader().kernel().memoryFile().options().limitBytes();
      return Math.max(0, use.memory().totals().resident() + limit / -ADJUSTED_NEVER * adjustment);
    } catch (LinuxException e) {
      return -1;
    }
  }

  private static boolean kill(ThreadGroup victim, TaskSet tasks) {
    tasks.lock();
    try {
      if (victim.isExiting) {
        return false;
      }
      SignalSender.killGroupLocked(victim, WaitStatus.killed(Signals.SIGKILL, false));
      return true;
    } finally {
      tasks.unlock();
    }
  }

  private static boolean isGone(ThreadGroup victim) {
    try {
      victim.exit().get(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
