package org.usermem.platform.stub;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The Java thread that traces the leaders of all stub processes, and does for other threads what
 * only a tracer can do.
 *
 * <p>It lives as long as its platform: PTRACE_O_EXITKILL and PR_SET_PDEATHSIG fire when the tracing
 * thread ends, not when its process does.
 *
 * <p>Thread safety: {@link #call} from any thread; it must not be called with a lock that a task
 * takes.
 */
final class Warden {

  private static final long REAP_INTERVAL_MILLIS = 20;

  private final LinkedBlockingQueue<FutureTask<?>> tasks = new LinkedBlockingQueue<>();
  private final Processors processors;
  private final Thread thread;
  private final List<TracedThread> killed = new ArrayList<>();
  private volatile boolean stopping;

  Warden(Processors processors) {
    this.processors = processors;
    thread = Thread.ofPlatform().daemon().name("usermem-warden").unstarted(this::work);
    thread.start();
  }

  /**
   * Runs a task on the warden's thread and waits for it.
   *
   * @throws IllegalStateException if the warden has stopped
   */
  <T extends @Nullable Object> T call(Callable<T> task) {
    if (Thread.currentThread() == thread) {
      try {
        return task.call();
      } catch (Exception failed) {
        throw rethrow(failed);
      }
    }
    FutureTask<T> future = new FutureTask<>(task);
    tasks.add(future);
    if (stopping) {
      // The thread may be past its last look at the queue.
      future.cancel(false);
    }
    return await(future);
  }

  /** Remembers a process that has been killed, to end the host's memory of it; warden only. */
  void reapLater(TracedThread leader) {
    killed.add(leader);
  }

  /** Returns whether the thread has ended or is about to. */
  boolean isStopped() {
    return stopping;
  }

  /** Runs a last task and ends the thread; the second time, nothing. */
  void stop(Runnable last) {
    if (stopping) {
      return;
    }
    call(
        () -> {
          last.run();
          reapAll();
          stopping = true;
          return null;
        });
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException wait) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    // Whoever calls waits for the answer, and so does the warden for the processes it traces.
    processors.bindHome();
    while (!stopping) {
      try {
        FutureTask<?> task =
            killed.isEmpty()
                ? tasks.take()
                : tasks.poll(REAP_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        if (task != null) {
          task.run();
        }
        reap();
      } catch (InterruptedException ignored) {
        // Nobody has a reason to interrupt this thread, and its end would end every guest.
      }
    }
    for (FutureTask<?> late = tasks.poll(); late != null; late = tasks.poll()) {
      late.cancel(false);
    }
  }

  private void reap() {
    if (!killed.isEmpty()) {
      killed.removeIf(
          leader -> {
            boolean gone = leader.reap();
            if (gone) {
              leader.release();
            }
            return gone;
          });
    }
  }

  /** Waits for the processes that were killed; for a while only, as others may have to reap too. */
  private void reapAll() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    reap();
    while (!killed.isEmpty() && System.nanoTime() < deadline) {
      try {
        TimeUnit.MILLISECONDS.sleep(1);
      } catch (InterruptedException ignored) {
        // As above.
      }
      reap();
    }
  }

  private static <T extends @Nullable Object> T await(FutureTask<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException wait) {
          interrupted = true;
        } catch (CancellationException stopped) {
          throw new IllegalStateException("the platform is closed", stopped);
        } catch (ExecutionException failed) {
          throw rethrow(failed.getCause() == null ? failed : failed.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrow(Throwable failed) {
    if (failed instanceof RuntimeException runtime) {
      return runtime;
    }
    if (failed instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(failed);
  }
}
