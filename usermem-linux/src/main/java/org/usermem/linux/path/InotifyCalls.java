package org.usermem.linux.path;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Location;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.access.Access;
import org.usermem.fs.inotify.InotifyDescription;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.fs.watch.WatchEvents;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.linux.file.DescriptorCalls;

/** inotify(7); fs/notify/inotify/inotify_user.c. */
public final class InotifyCalls {
  private static final int IN_ONLYDIR = 0x0100_0000;
  private static final int IN_DONT_FOLLOW = 0x0200_0000;
  private static final int IN_EXCL_UNLINK = 0x0400_0000;
  private static final int KNOWN_MASK =
      WatchEvents.ALL
          | IN_ONLYDIR
          | IN_DONT_FOLLOW
          | IN_EXCL_UNLINK
          | InotifyDescription.MASK_ADD
          | InotifyDescription.MASK_CREATE
          | InotifyDescription.ONE_SHOT;

  private InotifyCalls() {}

  /** inotify_init(). */
  public static long init(Task task) {
    return init(task, 0);
  }

  /** inotify_init1(flags). */
  public static long init1(Task task, SyscallArguments args) {
    int flags = args.asInt(0);
    Paths.requireOnly(flags, OpenFlags.CLOSE_ON_EXEC | OpenFlags.NON_BLOCKING);
    return init(task, flags);
  }

  private static long init(Task task, int flags) {
    InotifyDescription file =
        InotifyDescription.create(
            Paths.vfs(task).anonymousFiles(), flags, task.credentials().forFiles());
    return DescriptorCalls.install(task, file, flags & OpenFlags.CLOSE_ON_EXEC);
  }

  /** inotify_add_watch(fd, pathname, mask). */
  public static long addWatch(Task task, SyscallArguments args) {
    int mask = args.asInt(2);
    int both = InotifyDescription.MASK_ADD | InotifyDescription.MASK_CREATE;
    // Events that a program can't ask for, such as IN_IGNORED, are ignored as Linux does.
    if ((mask & KNOWN_MASK & WatchEvents.ALL) == 0 || (mask & both) == both) {
      throw LinuxException.of(Errno.EINVAL);
    }
    FileDescription file = task.files().get(args.asInt(0));
    try {
      InotifyDescription inotify = requireInotify(file);
      String path = Paths.copyIn(task, args.asLong(1));
      int lookup =
          ((mask & IN_DONT_FOLLOW) == 0 ? LookupFlags.FOLLOW : 0)
              | ((mask & IN_ONLYDIR) != 0 ? LookupFlags.DIRECTORY : 0);
      Location found = Paths.find(task, Paths.AT_FDCWD, path, lookup);
      found.inode().checkAccess(task.credentials().forFiles(), Access.READ);
      return inotify.addWatch(found.inode(), mask & KNOWN_MASK);
    } finally {
      file.decRef();
    }
  }

  /** inotify_rm_watch(fd, wd). */
  public static long removeWatch(Task task, SyscallArguments args) {
    FileDescription file = task.files().get(args.asInt(0));
    try {
      requireInotify(file).removeWatch(args.asInt(1));
      return 0;
    } finally {
      file.decRef();
    }
  }

  private static InotifyDescription requireInotify(FileDescription file) {
    if (file instanceof InotifyDescription inotify) {
      return inotify;
    }
    throw LinuxException.of(Errno.EINVAL);
  }
}
