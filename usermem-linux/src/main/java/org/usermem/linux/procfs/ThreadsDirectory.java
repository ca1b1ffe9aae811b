package org.usermem.linux.procfs;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Inode;
import org.usermem.fs.attribute.FileType;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.linux.pseudo.DynamicDirectory;

/** /proc/PID/task: the tasks of a process. */
@SuppressWarnings("ReferenceEquality") // processes are themselves
final class ThreadsDirectory extends DynamicDirectory {
  private final TaskDirectory directory;

  ThreadsDirectory(TaskDirectory directory, long number) {
    super(directory.proc(), number, 0555, directory.owner());
    this.directory = directory;
  }

  private ThreadGroup process() {
    return directory.task().threadGroup();
  }

  @Override
  public @Nullable Inode lookup(String name) {
    int tid = Numbers.parse(name);
    Task task = tid <= 0 ? null : process().kernel().task(tid);
    return task == null || task.threadGroup() != process()
        ? null
        : new TaskDirectory(directory.proc(), task, false);
  }

  @Override
  public boolean isCurrent(String name, @Nullable Inode cached) {
    return cached instanceof TaskDirectory task && task.isAlive();
  }

  @Override
  protected int subdirectoryCount() {
    return process().tasks().size();
  }

  @Override
  protected List<Entry> entries(long position) {
    if (!directory.isAlive()) {
      throw LinuxException.of(Errno.ENOENT);
    }
    return process().tasks().stream()
        .sorted(Comparator.comparingInt(Task::tid))
        .filter(task -> task.tid() + 1L >= position)
        .map(
            task ->
                new Entry(
                    Integer.toString(task.tid()),
                    FileType.DIRECTORY,
                    TaskDirectory.number(task.tid(), false),
                    task.tid() + 1L))
        .toList();
  }
}
