package org.usermem.fs.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs something on several threads at once. */
public final class Race {

  /** What each thread does. */
  @FunctionalInterface
  public interface Runner {
    /**
     * Does it.
     *
     * @param index the number of the thread, from 0
     * @throws Exception to fail the test
     */
    void run(int index) throws Exception;
  }

  private Race() {}

  /**
   * Starts all threads together and waits for them.
   *
   * @param threadCount how many
   * @param runner what each does
   * @throws Exception what the first that failed threw
   */
  public static void run(int threadCount, Runner runner) throws Exception {
    CyclicBarrier start = new CyclicBarrier(threadCount);
    try (ExecutorService executor = Executors.newFixedThreadPool(threadCount)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threadCount; i++) {
        int index = i;
        running.add(
            executor.submit(
                () -> {
                  start.await();
                  runner.run(index);
                  return index;
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }
}
