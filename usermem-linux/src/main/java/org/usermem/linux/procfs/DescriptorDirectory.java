package org.usermem.linux.procfs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Inode;
import org.usermem.fs.Location;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.FileType;
import org.usermem.kernel.Task;
import org.usermem.kernel.fd.FileDescriptorTable;
import org.usermem.linux.pseudo.DynamicDirectory;
import org.usermem.linux.pseudo.PseudoLink;

/** /proc/PID/fd: a magic link for each descriptor; fs/proc/fd.c. */
final class DescriptorDirectory extends DynamicDirectory {
  private static final int AT_ONCE = 256;

  private final TaskDirectory directory;

  DescriptorDirectory(TaskDirectory directory, long number) {
    super(directory.proc(), number, 0500, directory.owner());
    this.directory = directory;
  }

  @Override
  public @Nullable Inode lookup(String name) {
    int fd = Numbers.parse(name);
    return isOpen(directory.task(), fd) ? new Link(directory, number(), fd) : null;
  }

  static boolean isOpen(Task task, int fd) {
    return fd >= 0 && task.files().nextOpen(fd) == fd;
  }

  @Override
  public boolean isCurrent(String name, @Nullable Inode cached) {
    return cached instanceof Link link && isOpen(directory.task(), link.fd);
  }

  @Override
  protected List<Entry> entries(long position) {
    Access.check(directory.task());
    return entries(directory.task(), position, number(), FileType.SYMBOLIC_LINK);
  }

  static List<Entry> entries(Task task, long position, long number, FileType type) {
    FileDescriptorTable files = task.files();
    List<Entry> entries = new ArrayList<>();
    int fd = (int) Math.max(0, position - 1);
    while (entries.size() < AT_ONCE) {
      fd = files.nextOpen(fd);
      if (fd < 0) {
        break;
      }
      entries.add(new Entry(Integer.toString(fd), type, number + fd, fd + 1L));
      fd++;
    }
    return entries;
  }

  /** The link of one descriptor. */
  private static final class Link extends PseudoLink {
    private final Task task;
    private final int fd;

    Link(TaskDirectory directory, long base, int fd) {
      super(directory.proc(), base + fd, directory.owner(), () -> "");
      this.task = directory.task();
      this.fd = fd;
    }

    @Override
    protected int permissionsShown() {
      int permissions = 0;
      try {
        FileDescription file = task.files().get(fd);
        permissions |= file.isReadable() ? 0500 : 0;
        permissions |= file.isWritable() ? 0300 : 0;
        file.decRef();
      } catch (LinuxException e) {
        permissions = 0;
      }
      return permissions;
    }

    @Override
    public String target() {
      Access.check(task);
      FileDescription file = task.files().get(fd);
      try {
        String name = file.displayName(Access.root(task));
        return name != null ? name : file.location().path();
      } finally {
        file.decRef();
      }
    }

    @Override
    public @Nullable Location magicTarget(Credentials credentials) {
      Access.check(task);
      FileDescription file = task.files().get(fd);
      try {
        return file.location();
      } finally {
        file.decRef();
      }
    }
  }
}
