package org.usermem.sentry.check;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a check found.
 *
 * @param violations the violations, sorted by module and class; empty if all is well
 */
public record CheckReport(List<Violation> violations) {

  /** Copies the list. */
  public CheckReport {
    violations = List.copyOf(violations);
  }

  /**
   * Tells whether the modules may be let in.
   *
   * @return true if nothing was refused; there may still be something to report
   */
  public boolean accepted() {
    return violations.stream().noneMatch(Violation::refused);
  }

  @Override
  public String toString() {
    return violations.stream().map(Violation::toString).collect(Collectors.joining("\n"));
  }
}
