package org.usermem.platform;

/** A platform can't run on this machine, or the host did to it what it never does. */
public final class PlatformException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message what was tried, what was found, and what to do about it
   */
  public PlatformException(String message) {
    super(message);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param message what was tried, what was found, and what to do about it
   * @param cause what the host said
   */
  public PlatformException(String message, Throwable cause) {
    super(message, cause);
  }
}
