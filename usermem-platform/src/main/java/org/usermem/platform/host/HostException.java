package org.usermem.platform.host;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;

/** A call to the host failed that was not expected to. */
public final class HostException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int errnoNumber;

  /** Makes an exception of something that is not a failed system call. */
  public HostException(String message) {
    super(message);
    errnoNumber = 0;
  }

  /**
   * Makes an exception of a system call's result.
   *
   * @param what what was tried, with the arguments that matter
   * @param errnoNumber what the host said, positive
   */
  public HostException(String what, int errnoNumber) {
    super(what + ": " + describe(errnoNumber));
    this.errnoNumber = errnoNumber;
  }

  /** Returns what the host said, or 0 if it was not the failure of a system call. */
  public int errnoNumber() {
    return errnoNumber;
  }

  private static String describe(int errnoNumber) {
    @Nullable Errno found =
        Arrays.stream(Errno.values())
            .filter(errno -> errno.number() == errnoNumber)
            .findFirst()
            .orElse(null);
    return found == null ? "errno " + errnoNumber : found + " (" + found.description() + ")";
  }
}
