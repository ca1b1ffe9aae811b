package org.usermem.sentry.console;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.usermem.linux.strace.CallTracer;
import org.usermem.sentry.inspect.Inspection;

/** {@code trace}. */
final class TraceCommand implements Command {

  private static final int USUAL_LINES = 100;
  private static final int MOST_LINES = 1_000_000;
  private static final int QUEUED_LINES = 10_000;
  private static final int LOOK_EVERY_MILLIS = 100;

  private final Inspection inspection;

  TraceCommand(Inspection inspection) {
    this.inspection = inspection;
  }

  @Override
  public String name() {
    return "trace";
  }

  @Override
  public String usage() {
    return "PID|all [LINES]";
  }

  @Override
  public String summary() {
    return "Shows the next system calls of a process, or of all, as strace(1) does.";
  }

  /** Programs do not wait for whoever reads the lines: what does not fit is counted. */
  @Override
  public void run(List<String> arguments, Answer answer) {
    Words.require(this, arguments, 1, 2);
    int pid = arguments.getFirst().equals("all") ? 0 : Words.process(arguments.getFirst());
    if (pid != 0 && inspection.areas(pid, false).isEmpty()) {
      throw Words.noProcess(pid);
    }
    int lines =
        arguments.size() < 2
            ? USUAL_LINES
            : Words.number(arguments.get(1), "a count of lines", MOST_LINES);
    BlockingQueue<String> queue = new ArrayBlockingQueue<>(QUEUED_LINES);
    AtomicLong lost = new AtomicLong();
    CallTracer.Output watcher =
        (tid, line) -> {
          if ((pid == 0 || inspection.processOf(tid) == pid)
              && !queue.offer("[" + tid + "] " + line)) {
            lost.incrementAndGet();
          }
        };
    inspection.calls().add(watcher);
    try {
      show(queue, lines, pid, answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      inspection.calls().remove(watcher);
    }
    if (lost.get() > 0) {
      answer.line(lost + " calls are not shown: there were too many at once");
    }
  }

  private void show(BlockingQueue<String> queue, int lines, int pid, Answer answer)
      throws InterruptedException {
    int shown = 0;
    while (shown < lines && !answer.isOver()) {
      String line = queue.poll(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
      if (line != null) {
        answer.line(line);
        shown++;
      } else if (pid != 0 && inspection.areas(pid, false).isEmpty()) {
        return;
      }
    }
  }

  @Override
  public List<String> next(List<String> before) {
    if (!before.isEmpty()) {
      return List.of();
    }
    List<String> words = new ArrayList<>(Words.processes(inspection));
    words.add("all");
    return words;
  }
}
