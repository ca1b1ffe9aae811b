package org.usermem.itests.guest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.usermem.itests.BuiltModules;
import org.usermem.itests.Execution;

/** Runs programs of the host in a sentry, by the command line. */
public final class Guest {
  private Guest() {}

  /** Runs a program in a sentry. */
  public static Execution run(Path directory, String... command) {
    return run(directory, List.of(), command);
  }

  /** Runs a program in a sentry with options of {@code usermem run}. */
  public static Execution run(Path directory, List<String> options, String... command) {
    List<String> all = new ArrayList<>();
    all.add(BuiltModules.sourceTree().resolve("usermem").toString());
    all.add("run");
    all.addAll(options);
    all.add("--");
    all.addAll(List.of(command));
    return Execution.of(directory, all.toArray(String[]::new));
  }
}
