package org.usermem.platform.stub;

/** What an address space must know of a guest thread to be closed under it. */
@FunctionalInterface
public interface GuestThread {

  /**
   * Waits until the thread runs no guest code and never will; its process has been killed.
   *
   * <p>Called from any thread.
   */
  void awaitStop();
}
