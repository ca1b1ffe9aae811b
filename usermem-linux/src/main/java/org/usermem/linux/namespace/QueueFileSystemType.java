package org.usermem.linux.namespace;

import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemType;
import org.usermem.fs.MountRequest;
import org.usermem.kernel.Task;

/** What mount(2) shows of the POSIX queues: those of the caller's namespace. */
public final class QueueFileSystemType implements FileSystemType {
  private final IpcNamespace first;

  /**
   * Makes the type.
   *
   * @param first the namespace whose queues are mounted where no program does it
   */
  public QueueFileSystemType(IpcNamespace first) {
    this.first = first;
  }

  @Override
  public String name() {
    return "mqueue";
  }

  @Override
  public FileSystem open(MountRequest request) {
    Task caller = Task.current();
    return (caller == null ? first : IpcNamespace.of(caller)).queues().fileSystem();
  }
}
