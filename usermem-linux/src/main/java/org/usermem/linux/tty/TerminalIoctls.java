package org.usermem.linux.tty;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.ProcessGroup;
import org.usermem.kernel.Session;
import org.usermem.kernel.Task;

/**
 * ioctl(2) on terminals (ioctl_tty(2)); drivers/tty/tty_io.c, tty_ioctl.c, pty.c. On the task's own
 * thread.
 */
public final class TerminalIoctls {
  private static final int TCGETS = 0x5401;
  private static final int TCSETS = 0x5402;
  private static final int TCSETSW = 0x5403;
  private static final int TCSETSF = 0x5404;
  private static final int TCGETA = 0x5405;
  private static final int TCSETA = 0x5406;
  private static final int TCSETAW = 0x5407;
  private static final int TCSETAF = 0x5408;
  private static final int TCSBRK = 0x5409;
  private static final int TCXONC = 0x540a;
  private static final int TCFLSH = 0x540b;
  private static final int TIOCEXCL = 0x540c;
  private static final int TIOCNXCL = 0x540d;
  private static final int TIOCSCTTY = 0x540e;
  private static final int TIOCGPGRP = 0x540f;
  private static final int TIOCSPGRP = 0x5410;
  private static final int TIOCOUTQ = 0x5411;
  private static final int TIOCGWINSZ = 0x5413;
  private static final int TIOCSWINSZ = 0x5414;
  private static final int FIONREAD = 0x541b;
  private static final int TIOCPKT = 0x5420;
  private static final int TIOCNOTTY = 0x5422;
  private static final int TIOCSETD = 0x5423;
  private static final int TIOCGETD = 0x5424;
  private static final int TCSBRKP = 0x5425;
  private static final int TIOCGSID = 0x5429;
  private static final int TCGETS2 = 0x802c542a;
  private static final int TCSETS2 = 0x402c542b;
  private static final int TCSETSW2 = 0x402c542c;
  private static final int TCSETSF2 = 0x402c542d;
  private static final int TIOCGPTN = 0x80045430;
  private static final int TIOCSPTLCK = 0x40045431;
  private static final int TIOCGDEV = 0x80045432;
  private static final int TIOCGPKT = 0x80045438;
  private static final int TIOCGPTLCK = 0x80045439;

  private TerminalIoctls() {}

  /** Whether a description is an end of a terminal, so that {@link #ioctl} knows it. */
  public static boolean isTerminal(FileDescription file) {
    return file instanceof SlaveDescription || file instanceof MasterDescription;
  }

  /** Does what ioctl(2) asks of a terminal. */
  public static long ioctl(Task task, FileDescription file, int command, long argument) {
    if (file instanceof MasterDescription master) {
      return ofMaster(task, master, command, argument);
    }
    return ofTerminal(task, ((SlaveDescription) file).terminal(), false, command, argument);
  }

  private static long ofMaster(Task task, MasterDescription master, int command, long argument) {
    Terminal terminal = master.terminal();
    switch (command) {
      case TIOCGPTN -> task.copyOutInt(argument, terminal.number());
      case TIOCSPTLCK -> terminal.setSlaveLocked(task.copyInInt(argument) != 0);
      case TIOCGPTLCK -> task.copyOutInt(argument, terminal.isSlaveLocked() ? 1 : 0);
      case TIOCPKT -> terminal.setPacketMode(task.copyInInt(argument) != 0);
      case TIOCGPKT -> task.copyOutInt(argument, terminal.isPacketMode() ? 1 : 0);
      case FIONREAD -> task.copyOutInt(argument, terminal.availableOutput());
      // Nobody's controlling terminal is the master's side.
      case TIOCNOTTY -> throw LinuxException.of(Errno.ENOTTY);
      default -> {
        return ofTerminal(task, terminal, true, command, argument);
      }
    }
    return 0;
  }

  private static long ofTerminal(
      Task task, Terminal terminal, boolean byMaster, int command, long argument) {
    switch (command) {
      case TCGETS -> getTermios(task, terminal, argument, Termios.BYTE_COUNT);
      case TCGETS2 -> getTermios(task, terminal, argument, Termios.BYTE_COUNT_2);
      case TCSETS, TCSETSW -> setTermios(task, terminal, argument, Termios.BYTE_COUNT, false);
      case TCSETSF -> setTermios(task, terminal, argument, Termios.BYTE_COUNT, true);
      case TCSETS2, TCSETSW2 -> setTermios(task, terminal, argument, Termios.BYTE_COUNT_2, false);
      case TCSETSF2 -> setTermios(task, terminal, argument, Termios.BYTE_COUNT_2, true);
      case TCGETA -> {
        MemorySegment struct = task.scratch(Termio.BYTE_COUNT);
        Termio.encode(terminal.termios(), struct);
        task.copyOutFully(argument, struct);
      }
      case TCSETA, TCSETAW -> setTermio(task, terminal, argument, false);
      case TCSETAF -> setTermio(task, terminal, argument, true);
      case TIOCGWINSZ -> {
        MemorySegment size = task.scratch(WindowSize.BYTE_COUNT);
        terminal.windowSize().encode(size);
        task.copyOutFully(argument, size);
      }
      case TIOCSWINSZ -> {
        MemorySegment size = task.scratch(WindowSize.BYTE_COUNT);
        task.copyInFully(argument, size);
        terminal.setWindowSize(WindowSize.decode(size));
      }
      case TCFLSH -> flush(task, terminal, byMaster, (int) argument);
      case TCXONC -> flowControl(task, terminal, (int) argument);
      case TCSBRK, TCSBRKP -> TerminalFiles.beforeChange(task, terminal);
      case FIONREAD -> task.copyOutInt(argument, terminal.availableInput());
      case TIOCOUTQ -> task.copyOutInt(argument, terminal.availableOutput());
      case TIOCGETD -> task.copyOutInt(argument, 0);
      case TIOCSETD -> {
        // There is one line discipline, N_TTY.
        if (task.copyInInt(argument) != 0) {
          throw LinuxException.of(Errno.EINVAL);
        }
      }
      case TIOCEXCL, TIOCNXCL -> {}
      case TIOCGDEV -> task.copyOutInt(argument, 136 << 8 | terminal.number());
      default -> {
        return jobControl(task, terminal, byMaster, command, argument);
      }
    }
    return 0;
  }

  private static void getTermios(Task task, Terminal terminal, long argument, int byteCount) {
    MemorySegment struct = task.scratch(byteCount);
    terminal.termios().encode(struct);
    task.copyOutFully(argument, struct);
  }

  private static void setTermios(
      Task task, Terminal terminal, long argument, int byteCount, boolean flushes) {
    TerminalFiles.beforeChange(task, terminal);
    MemorySegment struct = task.scratch(byteCount);
    task.copyInFully(argument, struct);
    terminal.setTermios(Termios.decode(struct), flushes);
  }

  private static void setTermio(Task task, Terminal terminal, long argument, boolean flushes) {
    TerminalFiles.beforeChange(task, terminal);
    MemorySegment struct = task.scratch(Termio.BYTE_COUNT);
    task.copyInFully(argument, struct);
    terminal.setTermios(Termio.decode(terminal.termios(), struct), flushes);
  }

  private static void flush(Task task, Terminal terminal, boolean byMaster, int what) {
    TerminalFiles.beforeChange(task, terminal);
    if (what < 0 || what > 2) {
      throw LinuxException.of(Errno.EINVAL);
    }
    // What one side writes is what the other one reads.
    terminal.flush(byMaster ? what != 0 : what != 1, byMaster ? what != 1 : what != 0, byMaster);
  }

  private static void flowControl(Task task, Terminal terminal, int what) {
    TerminalFiles.beforeChange(task, terminal);
    switch (what) {
      case 0, 1 -> terminal.setStopped(what == 0);
      case 2, 3 -> {}
      default -> throw LinuxException.of(Errno.EINVAL);
    }
  }

  private static long jobControl(
      Task task, Terminal terminal, boolean byMaster, int command, long argument) {
    Session session = terminal.session();
    boolean isOwn = session != null && session == task.threadGroup().session();
    switch (command) {
      case TIOCSCTTY -> takeControl(task, terminal, session, argument);
      case TIOCNOTTY -> {
        if (session == null || !isOwn) {
          throw LinuxException.of(Errno.ENOTTY);
        }
        if (session.leader() == task.threadGroup()) {
          session.releaseTerminal();
        }
      }
      case TIOCGPGRP -> {
        if (session == null || (!isOwn && !byMaster)) {
          throw LinuxException.of(Errno.ENOTTY);
        }
        ProcessGroup group = session.foreground();
        task.copyOutInt(argument, group == null ? 0 : group.id());
      }
      case TIOCSPGRP -> {
        if (session == null || (!isOwn && !byMaster)) {
          throw LinuxException.of(Errno.ENOTTY);
        }
        if (isOwn) {
          TerminalFiles.beforeChange(task, terminal);
        }
        int group = task.copyInInt(argument);
        if (group < 0) {
          throw LinuxException.of(Errno.EINVAL);
        }
        session.setForeground(group);
      }
      case TIOCGSID -> {
        if (session == null || !isOwn) {
          throw LinuxException.of(Errno.ENOTTY);
        }
        MemorySegment id = task.scratch(4);
        id.set(JAVA_INT_UNALIGNED, 0, session.id());
        task.copyOutFully(argument, id);
      }
      default -> throw LinuxException.of(Errno.ENOTTY);
    }
    return 0;
  }

  /** Follows {@code tiocsctty}. */
  private static void takeControl(
      Task task, Terminal terminal, @Nullable Session holder, long steals) {
    Session own = task.threadGroup().session();
    if (own.leader() == task.threadGroup() && holder == own) {
      return;
    }
    if (own.leader() != task.threadGroup() || own.terminal() != null) {
      throw LinuxException.of(Errno.EPERM);
    }
    if (holder != null) {
      if (steals != 1 || !task.credentials().has(Capability.SYS_ADMIN)) {
        throw LinuxException.of(Errno.EPERM);
      }
      holder.releaseTerminal();
    }
    terminal.becomeControlling(own);
  }
}
