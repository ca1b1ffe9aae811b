package org.usermem.linux.procfs;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Location;
import org.usermem.kernel.Task;
import org.usermem.linux.system.LinuxSystem;

/** Whether the task on whose thread a file is looked at may look into another one. */
final class Access {
  private Access() {}

  /**
   * Checks it.
   *
   * @throws LinuxException EACCES if it may not; ENOENT if the other one has ended
   */
  static void check(Task target) {
    Task caller = Task.current();
    if (caller == null) {
      return;
    }
    try {
      caller.relations().checkMayAccess(target, true);
    } catch (LinuxException e) {
      throw LinuxException.of(Errno.EACCES);
    }
  }

  /** The root that paths are shown from: the caller's. */
  static Location root(Task target) {
    Task caller = Task.current();
    return caller == null ? LinuxSystem.of(target).mounts().root() : caller.fsContext().root();
  }
}
