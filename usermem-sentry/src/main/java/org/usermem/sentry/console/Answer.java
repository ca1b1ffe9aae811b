package org.usermem.sentry.console;

/** Where a command's text goes. For one thread at a time. */
public interface Answer {

  /**
   * Takes a line.
   *
   * @param text the line, without its end
   */
  void line(String text);

  /** Returns whether nobody listens any more, or wants the command to end. */
  boolean isOver();
}
