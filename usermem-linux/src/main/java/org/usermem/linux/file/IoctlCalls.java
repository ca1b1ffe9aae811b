package org.usermem.linux.file;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.IoctlRequest;
import org.usermem.fs.Location;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.vfs.PathContext;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.linux.nsfs.NamespaceInode;
import org.usermem.linux.system.LinuxSystem;
import org.usermem.linux.tty.MasterDescription;
import org.usermem.linux.tty.Terminal;
import org.usermem.linux.tty.TerminalFiles;
import org.usermem.linux.tty.TerminalIoctls;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** ioctl(2): what all files know, and the way to what one kind knows; fs/ioctl.c. */
public final class IoctlCalls {
  private static final int FIONREAD = 0x541b;
  private static final int FIONBIO = 0x5421;
  private static final int FIONCLEX = 0x5450;
  private static final int FIOCLEX = 0x5451;
  private static final int FIOASYNC = 0x5452;
  private static final int FIOQSIZE = 0x5460;
  private static final int TIOCGPTPEER = 0x5441;

  private IoctlCalls() {}

  /** ioctl(fd, cmd, arg). */
  public static long ioctl(Task task, SyscallArguments args) {
    int fd = args.asInt(0);
    int command = args.asInt(1);
    long argument = args.asLong(2);
    FileDescription file = task.files().get(fd);
    try {
      if (file.isPath()) {
        throw LinuxException.of(Errno.EBADF);
      }
      switch (command) {
        case FIOCLEX -> task.files().setCloseOnExec(fd, true);
        case FIONCLEX -> task.files().setCloseOnExec(fd, false);
        case FIONBIO -> setFlag(task, file, OpenFlags.NON_BLOCKING, argument);
        case FIOASYNC -> setAsync(task, file, fd, argument);
        case FIOQSIZE -> sizeOf(task, file, argument);
        case FIONREAD -> {
          if (file.inode().type() == FileType.REGULAR) {
            long left = file.attributes().byteSize() - file.position();
            task.copyOutInt(argument, Math.clamp(left, 0, Integer.MAX_VALUE));
            return 0;
          }
          return ofKind(task, file, command, argument);
        }
        default -> {
          return ofKind(task, file, command, argument);
        }
      }
      return 0;
    } finally {
      file.decRef();
    }
  }

  private static long ofKind(Task task, FileDescription file, int command, long argument) {
    if (command == TIOCGPTPEER && file instanceof MasterDescription master) {
      return openPeer(task, master.terminal(), (int) argument);
    }
    if (TerminalIoctls.isTerminal(file)) {
      return TerminalIoctls.ioctl(task, file, command, argument);
    }
    if (file.inode() instanceof NamespaceInode namespace) {
      return NamespaceIoctls.ioctl(task, namespace, command, argument);
    }
    return file.ioctl(new Request(task, command, argument));
  }

  /**
   * Opens the other end of a master, whatever is mounted where (TIOCGPTPEER; {@code
   * ptm_open_peer}).
   *
   * @param flags of open(2)
   * @return a descriptor
   */
  private static long openPeer(Task task, Terminal terminal, int flags) {
    LinuxSystem system = LinuxSystem.of(task);
    Location root = system.mounts().root();
    PathContext context = new PathContext(root, root, Credentials.ROOT, 0);
    int known = OpenFlags.ACCESS_MODE | OpenFlags.NON_BLOCKING;
    FileDescription file =
        system.vfs().open(context, root, "/dev/pts/" + terminal.number(), flags & known, 0, 0);
    if ((flags & OpenFlags.NO_CONTROLLING_TERMINAL) == 0) {
      TerminalFiles.opened(task, file);
    }
    return DescriptorCalls.install(task, file, flags);
  }

  private static void setFlag(Task task, FileDescription file, int flag, long argument) {
    boolean on = task.copyInInt(argument) != 0;
    file.setFlags(on ? file.flags() | flag : file.flags() & ~flag);
  }

  /** Follows {@code ioctl_fioasync}. */
  private static void setAsync(Task task, FileDescription file, int fd, long argument) {
    boolean on = task.copyInInt(argument) != 0;
    if (on != file.has(OpenFlags.ASYNC)) {
      if (!file.signalsOwner()) {
        throw LinuxException.of(Errno.ENOTTY);
      }
      FileOwner.setFlags(task, file, fd, file.flags() ^ OpenFlags.ASYNC);
    }
  }

  private static void sizeOf(Task task, FileDescription file, long argument) {
    switch (file.inode().type()) {
      case REGULAR, DIRECTORY, SYMBOLIC_LINK ->
          task.copyOutLong(argument, file.attributes().byteSize());
      default -> throw LinuxException.of(Errno.ENOTTY);
    }
  }

  /** A call as the file sees it. */
  private record Request(Task task, int command, long argument) implements IoctlRequest {
    @Override
    public Source input(long byteCount) {
      return task.singleSource(argument, byteCount);
    }

    @Override
    public Sink output(long byteCount) {
      return task.singleSink(argument, byteCount);
    }
  }
}
