package org.usermem.errno;

/**
 * What a system call that fails returns: an errno.
 *
 * <p>There is one instance an errno, without a stack trace and without causes, so throwing it costs
 * and allocates nothing. Code that moves bytes throws it only where no byte has moved; where some
 * have, it returns how many. The one exception to that is {@link PartialCopyException}.
 *
 * <p>Thread safety: immutable.
 */
public sealed class LinuxException extends RuntimeException permits PartialCopyException {

  private static final long serialVersionUID = 1L;

  private static final LinuxException[] BY_NUMBER = byNumber();

  private final Errno errno;

  LinuxException(Errno errno, String message) {
    super(message, null, false, false);
    this.errno = errno;
  }

  /** Returns the exception of an errno. */
  public static LinuxException of(Errno errno) {
    return BY_NUMBER[errno.number()];
  }

  /** Returns the errno. */
  public final Errno errno() {
    return errno;
  }

  /**
   * Returns the number of bytes that had moved when this was thrown: 0, unless it is a {@link
   * PartialCopyException}.
   */
  public long bytesMoved() {
    return 0;
  }

  private static LinuxException[] byNumber() {
    LinuxException[] exceptions = new LinuxException[Errno.MAX_NUMBER + 1];
    for (Errno errno : Errno.values()) {
      exceptions[errno.number()] =
          new LinuxException(errno, errno.name() + " (" + errno.description() + ")");
    }
    return exceptions;
  }
}
