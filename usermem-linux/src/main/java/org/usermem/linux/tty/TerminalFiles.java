package org.usermem.linux.tty;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.SpecialFile;
import org.usermem.kernel.Session;
import org.usermem.kernel.Task;
import org.usermem.kernel.signal.Signals;

/**
 * Terminals and the sessions that they control; drivers/tty/tty_jobctrl.c. On the task's own
 * thread.
 */
public final class TerminalFiles {
  private TerminalFiles() {}

  /**
   * A session leader without a terminal gets the one that it opens, but not by the name of
   * /dev/console (tty_open).
   */
  public static void opened(Task task, FileDescription file) {
    if (!(file instanceof SlaveDescription slave) || isConsole(slave)) {
      return;
    }
    Session session = task.threadGroup().session();
    boolean takes =
        session.leader() == task.threadGroup()
            && session.terminal() == null
            && slave.terminal().session() == null
            && slave.isReadable();
    if (takes) {
      slave.terminal().becomeControlling(session);
    }
  }

  private static boolean isConsole(SlaveDescription slave) {
    return slave.inode() instanceof SpecialFile node
        && node.specialDevice() == PseudoTerminals.CONSOLE;
  }

  /** Stops a task in the background that reads its terminal. */
  public static void beforeRead(Task task, SlaveDescription slave) {
    Session session = ownSession(task, slave.terminal());
    if (session != null) {
      session.checkForeground(task, Signals.SIGTTIN);
    }
  }

  /** Stops a task in the background that writes to its terminal, if that is set so. */
  public static void beforeWrite(Task task, SlaveDescription slave) {
    if (slave.terminal().termios().hasLocal(Termios.TOSTOP)) {
      beforeChange(task, slave.terminal());
    }
  }

  /** Stops a task in the background that changes its terminal. */
  static void beforeChange(Task task, Terminal terminal) {
    Session session = ownSession(task, terminal);
    if (session != null) {
      session.checkForeground(task, Signals.SIGTTOU);
    }
  }

  private static @Nullable Session ownSession(Task task, Terminal terminal) {
    Session session = task.threadGroup().session();
    return session.terminal() == terminal ? session : null;
  }

  /**
   * Returns the terminal that /dev/tty stands for.
   *
   * @throws LinuxException ENXIO if the session has none
   */
  public static Terminal controlling(Task task) {
    if (task.threadGroup().session().terminal() instanceof Terminal terminal) {
      return terminal;
    }
    throw LinuxException.of(Errno.ENXIO);
  }
}
