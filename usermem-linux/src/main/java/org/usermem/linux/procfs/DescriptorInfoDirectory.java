package org.usermem.linux.procfs;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Inode;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.attribute.FileType;
import org.usermem.kernel.Task;
import org.usermem.linux.pseudo.DynamicDirectory;
import org.usermem.linux.pseudo.TextFile;

/** /proc/PID/fdinfo: what is known of each descriptor. */
final class DescriptorInfoDirectory extends DynamicDirectory {
  private final TaskDirectory directory;

  DescriptorInfoDirectory(TaskDirectory directory, long number) {
    super(directory.proc(), number, 0555, directory.owner());
    this.directory = directory;
  }

  @Override
  public @Nullable Inode lookup(String name) {
    int fd = Numbers.parse(name);
    if (!DescriptorDirectory.isOpen(directory.task(), fd)) {
      return null;
    }
    return new TextFile(
        directory.proc(),
        number() + fd,
        0400,
        directory.owner(),
        () -> text(directory.task(), fd),
        null);
  }

  @Override
  public boolean isCurrent(String name, @Nullable Inode cached) {
    return cached != null && DescriptorDirectory.isOpen(directory.task(), Numbers.parse(name));
  }

  @Override
  protected List<Entry> entries(long position) {
    Access.check(directory.task());
    return DescriptorDirectory.entries(directory.task(), position, number(), FileType.REGULAR);
  }

  private static String text(Task task, int fd) {
    Access.check(task);
    try {
      FileDescription file = task.files().get(fd);
      try {
        int closes = task.files().isCloseOnExec(fd) ? OpenFlags.CLOSE_ON_EXEC : 0;
        return "pos:\t"
            + file.position()
            + "\nflags:\t0"
            + Integer.toOctalString(file.flags() | closes)
            + "\nmnt_id:\t"
            + file.location().mount().id()
            + "\nino:\t"
            + file.inodeId()
            + "\n"
            + file.details();
      } finally {
        file.decRef();
      }
    } catch (LinuxException e) {
      return "";
    }
  }
}
