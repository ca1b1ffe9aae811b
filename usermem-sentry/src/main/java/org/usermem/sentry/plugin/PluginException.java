package org.usermem.sentry.plugin;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A plug-in could not be installed, started, stopped or taken away. */
public class PluginException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message the plug-in, what was asked of it, and what went wrong
   * @param cause the reason, where there is one
   */
  public PluginException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
