package org.usermem.sentry.console;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.usermem.errno.LinuxException;

/** Runs programs in a sentry. */
@FunctionalInterface
public interface ProgramStarter {

  /**
   * Runs a program to its end.
   *
   * @param command the program and its arguments
   * @param isOver whether it is to be killed
   * @return its exit code, or 128 and the number of the signal that ended it
   * @throws LinuxException what execve(2) would have failed with
   */
  int run(List<String> command, BooleanSupplier isOver);
}
