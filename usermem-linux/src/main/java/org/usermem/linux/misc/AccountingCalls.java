package org.usermem.linux.misc;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.access.Capability;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.vfs.PathContext;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.linux.path.Paths;
import org.usermem.linux.system.LinuxSystem;

/** acct(2). */
public final class AccountingCalls {

  private AccountingCalls() {}

  /** acct(filename): records of processes that end go to a file, or with a null pointer nowhere. */
  public static long acct(Task task, SyscallArguments args) {
    if (!task.credentials().has(Capability.SYS_PACCT)) {
      throw LinuxException.of(Errno.EPERM);
    }
    LinuxSystem system = LinuxSystem.of(task);
    long name = args.asLong(0);
    system.accounting().setFile(name == 0 ? null : open(task, Paths.copyIn(task, name)));
    return 0;
  }

  private static FileDescription open(Task task, String path) {
    PathContext context = Paths.context(task);
    int flags = OpenFlags.WRITE_ONLY | OpenFlags.APPEND;
    FileDescription file =
        LinuxSystem.of(task).vfs().open(context, context.workingDirectory(), path, flags, 0, 0);
    if (file.inode().type() != FileType.REGULAR) {
      file.decRef();
      throw LinuxException.of(Errno.EACCES);
    }
    return file;
  }
}
