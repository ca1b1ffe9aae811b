package org.usermem.sentry.console;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.usermem.sentry.record.LiveRecording;
import org.usermem.sentry.record.Statistics;

/** {@code stats}. */
final class StatsCommand implements Command {

  private static final int USUAL_SECONDS = 3;
  private static final int MOST_SECONDS = 3600;
  private static final int LOOK_EVERY_MILLIS = 100;

  @Override
  public String name() {
    return "stats";
  }

  @Override
  public String usage() {
    return "[SECONDS]";
  }

  @Override
  public String summary() {
    return "Records for a while, and sums up system calls, copies, faults and mappings.";
  }

  @Override
  public void run(List<String> arguments, Answer answer) {
    Words.require(this, arguments, 0, 1);
    int seconds =
        arguments.isEmpty()
            ? USUAL_SECONDS
            : Words.number(arguments.getFirst(), "a count of seconds", MOST_SECONDS);
    Statistics statistics = new Statistics();
    try (LiveRecording _ =
        new LiveRecording(
            event -> {
              synchronized (statistics) {
                statistics.add(event);
              }
            })) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      while (!answer.isOver() && System.nanoTime() - end < 0) {
        Thread.sleep(LOOK_EVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (statistics) {
      statistics.lines().forEach(answer::line);
    }
  }
}
