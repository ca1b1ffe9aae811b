package org.usermem.sentry.console;

import java.util.List;
import org.usermem.sentry.inspect.Inspection;
import org.usermem.sentry.inspect.ProcessView;

/** {@code ps}. */
final class ProcessesCommand implements Command {

  private final Inspection inspection;

  ProcessesCommand(Inspection inspection) {
    this.inspection = inspection;
  }

  @Override
  public String name() {
    return "ps";
  }

  @Override
  public String usage() {
    return "";
  }

  @Override
  public String summary() {
    return "Lists the processes.";
  }

  @Override
  public void run(List<String> arguments, Answer answer) {
    Words.require(this, arguments, 0, 0);
    answer.line("  PID  PPID S TASKS  VIRTUAL K RESIDENT K COMMAND");
    for (ProcessView process : inspection.processes()) {
      answer.line(
          "%5d %5d %c %5d %10d %10d %s"
              .formatted(
                  process.id(),
                  process.parent(),
                  process.state(),
                  process.tasks(),
                  process.virtualBytes() >> 10,
                  process.residentBytes() >> 10,
                  process.command()));
    }
  }
}
