package org.usermem.sentry.install;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.usermem.sentry.plugin.PluginException;

/**
 * Calls code of plug-ins on threads of its own, and gives up on what does not come back: so a
 * plug-in can't hold up the others, nor the end of the sentry. Safe for use by several threads.
 */
final class PluginCalls {

  private final Duration longest;

  /**
   * Makes it.
   *
   * @param longest how long a call may take
   */
  PluginCalls(Duration longest) {
    this.longest = longest;
  }

  /** A call has not come back; its thread is left to itself. */
  static final class LostException extends PluginException {

    private static final long serialVersionUID = 1L;

    LostException(String message) {
      super(message, null);
    }
  }

  /**
   * Calls.
   *
   * @param plugin the plug-in's name
   * @param what what is done, as in "does not [start]"
   * @param action does it; runs on even after this has given up
   * @return what it returned
   * @throws LostException if it has not returned in time
   */
  <T> T call(String plugin, String what, Callable<T> action) {
    FutureTask<T> task = new FutureTask<>(action);
    Thread.ofPlatform().daemon().name("usermem-plugin-" + plugin).start(task);
    try {
      return task.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new LostException(
          "plug-in %s does not %s within %d ms: it is left alone, and can't be replaced in this sentry"
              .formatted(plugin, what, longest.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LostException("interrupted while plug-in " + plugin + " was to " + what);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new PluginException("plug-in " + plugin + " does not " + what, e);
    }
  }
}
