package org.usermem.sentry.console;

import java.util.List;
import org.usermem.sentry.inspect.Inspection;
import org.usermem.sentry.inspect.MountView;

/** {@code mounts}. */
final class MountsCommand implements Command {

  private final Inspection inspection;

  MountsCommand(Inspection inspection) {
    this.inspection = inspection;
  }

  @Override
  public String name() {
    return "mounts";
  }

  @Override
  public String usage() {
    return "";
  }

  @Override
  public String summary() {
    return "Lists what is mounted where.";
  }

  @Override
  public void run(List<String> arguments, Answer answer) {
    Words.require(this, arguments, 0, 0);
    for (MountView mount : inspection.mounts()) {
      answer.line(
          "%-20s %-10s %s (%s)"
              .formatted(mount.target(), mount.type(), mount.source(), mount.options()));
    }
  }
}
