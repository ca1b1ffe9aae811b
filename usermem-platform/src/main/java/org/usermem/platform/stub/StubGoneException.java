package org.usermem.platform.stub;

/**
 * A stub process or a thread of it no longer exists, so nothing can be injected into it.
 *
 * <p>Stackless: the death of an address space is an event, not an error.
 */
public final class StubGoneException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Makes an exception of a thread that has ended. */
  public StubGoneException() {
    super("a stub thread is gone", null, false, false);
  }

  StubGoneException(int threadId) {
    super("stub thread " + threadId + " is gone", null, false, false);
  }
}
