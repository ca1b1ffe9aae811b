package org.usermem.sentry.console;

import java.util.List;
import org.usermem.mm.view.VmaView;
import org.usermem.sentry.inspect.Inspection;

/** {@code maps}. */
final class MapsCommand implements Command {

  private final Inspection inspection;

  MapsCommand(Inspection inspection) {
    this.inspection = inspection;
  }

  @Override
  public String name() {
    return "maps";
  }

  @Override
  public String usage() {
    return "PID";
  }

  @Override
  public String summary() {
    return "Shows the address space of a process: what is mapped, resident, and shared until it is"
        + " written.";
  }

  @Override
  public void run(List<String> arguments, Answer answer) {
    Words.require(this, arguments, 1, 1);
    int pid = Words.process(arguments.getFirst());
    List<VmaView> areas = inspection.areas(pid, true).orElseThrow(() -> Words.noProcess(pid));
    answer.line(
        "%-25s %4s %10s %10s %10s %s"
            .formatted("ADDRESSES", "", "SIZE K", "RESIDENT K", "SHARED K", "NAME"));
    for (VmaView area : areas) {
      answer.line(
          "%012x-%012x %s%s %10d %10d %10d %s"
              .formatted(
                  area.start(),
                  area.end(),
                  area.access(),
                  area.isShared() ? "s" : "p",
                  area.byteCount() >> 10,
                  area.residency().total() >> 10,
                  area.residency().sharedAnonymous() >> 10,
                  Inspection.unicode(area.name())));
    }
  }

  @Override
  public List<String> next(List<String> before) {
    return before.isEmpty() ? Words.processes(inspection) : List.of();
  }
}
