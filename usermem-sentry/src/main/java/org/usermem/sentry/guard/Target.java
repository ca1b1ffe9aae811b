package org.usermem.sentry.guard;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * An object of a plug-in, until the plug-in is gone.
 *
 * @param <T> what the object is
 */
final class Target<T> {

  private final Guard guard;
  private volatile @Nullable T object;

  Target(Guard guard, T object) {
    this.guard = guard;
    this.object = object;
  }

  /** Returns the object, or nothing once the plug-in is gone. */
  @Nullable T ifPresent() {
    return object;
  }

  /** Lets go of the object, and returns it if this was the first to do so. */
  synchronized @Nullable T take() {
    T taken = object;
    object = null;
    return taken;
  }

  /**
   * Calls the object.
   *
   * @throws LinuxException what the object throws; ENODEV once the plug-in is gone; EIO if the
   *     object fails in a way that is no errno
   */
  <R extends @Nullable Object> R call(Function<? super T, ? extends R> function) {
    T present = object;
    if (present == null) {
      throw LinuxException.of(Errno.ENODEV);
    }
    try {
      return function.apply(present);
    } catch (LinuxException e) {
      throw e;
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
      guard.failed(e);
      throw LinuxException.of(Errno.EIO);
    } finally {
      forgetInterrupt();
    }
  }

  /**
   * A plug-in may interrupt the thread that calls it. Left so, the thread would close the channels
   * of the host's files that it uses next, under everybody who has them open.
   */
  private static void forgetInterrupt() {
    boolean _ = Thread.interrupted();
  }

  /** Calls the object for its effect; the same errors. */
  void run(Consumer<? super T> action) {
    call(
        present -> {
          action.accept(present);
          return null;
        });
  }

  /** Calls the object if it is there, and swallows what goes wrong: for cleaning up. */
  void attempt(Consumer<? super T> action) {
    T present = object;
    if (present != null) {
      guard.attempt(() -> action.accept(present));
      forgetInterrupt();
    }
  }
}
