package org.usermem.platform.memory;

/** The copies that some address space makes of bytes that others own. */
@FunctionalInterface
public interface CopyBarrier {

  /**
   * Orders what the caller has stored before its return, and waits until every copy that may not
   * have seen it is over. Such copies neither block nor take locks.
   */
  void await();
}
