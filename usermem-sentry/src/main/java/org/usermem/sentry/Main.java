package org.usermem.sentry;

import org.usermem.sentry.cli.PlainRun;
import org.usermem.sentry.cli.UsermemCommand;

/** The entry point of the {@code usermem} command line. */
public final class Main {

  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  private Main() {}

  /**
   * Runs the command line and ends the JVM with its exit code.
   *
   * @param args the words after {@code usermem}
   */
  public static void main(String[] args) {
    // What the sentry has to say about itself is a line, with the trace of a failure below it.
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "usermem: %5$s%6$s%n");
    }
    System.exit(PlainRun.execute(args).orElseGet(() -> UsermemCommand.execute(args)));
  }
}
