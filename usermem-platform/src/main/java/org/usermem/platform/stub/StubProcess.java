package org.usermem.platform.stub;

import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.HostException;
import org.usermem.platform.host.SystemCall;

/**
 * A stub process: the host's side of one address space.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
public final class StubProcess {

  /** Flags of clone(2) for a guest thread, which the thread that made it does not trace. */
  static final int THREAD_FLAGS = 0x85_0f00;

  /** Flags of clone(2) for a stub process, which is a child of the JVM as its master is. */
  static final int PROCESS_FLAGS = 0x8000 | Signals.SIGCHLD;

  private static final int MOST_PARKED_THREADS = 8;

  private final Warden warden;
  private final TracedThread leader;
  private final int processId;

  /** Ids of threads that wait to be traced. */
  private final ConcurrentLinkedDeque<Integer> parked = new ConcurrentLinkedDeque<>();

  private volatile boolean dead;
  private boolean killed; // warden only

  StubProcess(Warden warden, TracedThread leader) {
    this.warden = warden;
    this.leader = leader;
    processId = leader.processId();
  }

  /** Returns the process id. */
  public int processId() {
    return processId;
  }

  /** Returns whether the process was killed, by the platform or by somebody else. */
  public boolean isDead() {
    return dead;
  }

  /** Says that the process was found to be dead. */
  public void markDead() {
    dead = true;
  }

  /**
   * Makes a thread, traced by the calling Java thread.
   *
   * @throws StubGoneException if the process is dead
   * @throws LinuxException with EAGAIN or ENOMEM if the host has no thread left
   */
  public TracedThread newThread() {
    Integer waiting = dead ? null : parked.poll();
    if (waiting != null) {
      TracedThread thread = TracedThread.seize(processId, waiting, Tracee.OPTIONS);
      thread.setSignalMask(Signals.BLOCKED);
      return thread;
    }
    long result =
        onLeader(
            () ->
                leader.injectAt(
                    StubLayout.CODE + StubLayout.CLONE_OFFSET,
                    SystemCall.CLONE,
                    THREAD_FLAGS,
                    0,
                    0,
                    0,
                    0,
                    0));
    requireRoom(result, "making a stub thread");
    return TracedThread.seize(processId, (int) result, Tracee.OPTIONS);
  }

  /** Returns whether there is a thread that waits to be traced. */
  public boolean hasParkedThread() {
    return !parked.isEmpty();
  }

  /** Keeps a thread, which the calling Java thread traces, for whoever needs one next. */
  public void park(TracedThread thread) {
    if (dead || parked.size() >= MOST_PARKED_THREADS) {
      thread.close();
      return;
    }
    try {
      int threadId = thread.threadId();
      thread.park();
      parked.push(threadId);
    } catch (StubGoneException gone) {
      thread.close();
    }
  }

  /**
   * Makes the leader execute one system call.
   *
   * @return its result, an errno with its sign changed if negative
   * @throws StubGoneException if the process is dead
   */
  public long inject(long number, long a, long b, long c, long d, long e, long f) {
    return onLeader(() -> leader.inject(number, a, b, c, d, e, f));
  }

  /** Makes the leader map what the table says; see {@link TracedThread#injectBatch}. */
  int injectBatch(long tableEnd) {
    return onLeader(() -> leader.injectBatch(tableEnd));
  }

  /** Returns rax as the leader's last call has left it. */
  long lastResult() {
    return onLeader(leader::lastResult);
  }

  private <T> T onLeader(Callable<T> task) {
    return warden.call(
        () -> {
          if (dead) {
            throw new StubGoneException();
          }
          return task.call();
        });
  }

  /**
   * Kills the process. It may still exist when the method returns, but its threads run no more
   * instructions of user code once they have been seen to stop.
   */
  public void kill() {
    try {
      warden.call(
          () -> {
            dead = true;
            if (!killed) {
              killed = true;
              HostCalls.current().call(SystemCall.KILL, processId, Signals.SIGKILL, 0);
              warden.reapLater(leader);
            }
            return null;
          });
    } catch (IllegalStateException stopped) {
      if (!warden.isStopped()) {
        throw stopped;
      }
      // The warden kills every process before it stops.
      dead = true;
    }
  }

  /**
   * Throws what an address space throws when the host has nothing left to give.
   *
   * @throws LinuxException with EAGAIN or ENOMEM
   * @throws HostException for any other errno
   */
  static void requireRoom(long result, String what) {
    if (result == -Errno.EAGAIN.number()) {
      throw LinuxException.of(Errno.EAGAIN);
    }
    if (result == -Errno.ENOMEM.number()) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    HostCalls.require(result, what);
  }
}
