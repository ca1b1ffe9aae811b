package org.usermem.sentry;

import org.usermem.sentry.cli.UsermemCommand;

/** The entry point of the {@code usermem} command line. */
public final class Main {

  private Main() {}

  /**
   * Runs the command line and ends the JVM with its exit code.
   *
   * @param args the words after {@code usermem}
   */
  public static void main(String[] args) {
    System.exit(UsermemCommand.execute(args));
  }
}
