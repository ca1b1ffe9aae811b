package org.usermem.sentry.console;

import java.io.Serial;

/** A command can't do what it was asked to; the message is for whoever asked. */
public final class CommandException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was asked, and what is wrong
   */
  public CommandException(String message) {
    super(message);
  }
}
