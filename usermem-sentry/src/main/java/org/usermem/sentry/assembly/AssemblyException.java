package org.usermem.sentry.assembly;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** An assembly could not be put together. */
public final class AssemblyException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was asked, what was found, and what to do
   * @param cause the reason, where there is one
   */
  public AssemblyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
