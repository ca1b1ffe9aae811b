package org.usermem.linux.procfs;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Location;
import org.usermem.fs.access.Credentials;
import org.usermem.kernel.Task;
import org.usermem.kernel.TaskState;
import org.usermem.linux.pseudo.PseudoLink;

/** exe, cwd and root of a task: links that lead to a place whatever its path. */
final class TaskLink extends PseudoLink {
  /** Which place. */
  enum Place {
    EXECUTABLE,
    WORKING_DIRECTORY,
    ROOT
  }

  private final Task task;
  private final Place place;

  TaskLink(TaskDirectory directory, long number, Place place) {
    super(directory.proc(), number, directory.owner(), () -> "");
    this.task = directory.task();
    this.place = place;
  }

  private Location location() {
    Access.check(task);
    if (task.state() == TaskState.ZOMBIE || task.state() == TaskState.DEAD) {
      // It has given all of these up.
      throw LinuxException.of(Errno.ENOENT);
    }
    return switch (place) {
      case EXECUTABLE -> task.parts().image().executable().location();
      case WORKING_DIRECTORY -> task.fsContext().workingDirectory();
      case ROOT -> task.fsContext().root();
    };
  }

  @Override
  public String target() {
    Location root = Access.root(task);
    String path = location().pathFrom(root);
    if (path == null) {
      throw LinuxException.of(Errno.ENOENT);
    }
    return path;
  }

  @Override
  public @Nullable Location magicTarget(Credentials credentials) {
    return location();
  }
}
