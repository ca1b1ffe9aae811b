package org.usermem.kernel;

/** A terminal as a session sees it: told when the session lets it go. */
@FunctionalInterface
public interface ControllingTerminal {

  /**
   * The terminal is no session's controlling terminal any more. Called without locks.
   *
   * @param session the session that had it
   */
  void released(Session session);
}
