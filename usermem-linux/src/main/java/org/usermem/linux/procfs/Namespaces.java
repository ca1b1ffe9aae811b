package org.usermem.linux.procfs;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Inode;
import org.usermem.kernel.TaskState;
import org.usermem.linux.pseudo.PseudoLink;
import org.usermem.linux.pseudo.StaticDirectory;

/** /proc/PID/ns: there is one namespace of each kind. */
final class Namespaces {
  private static final String[] KINDS = {
    "cgroup",
    "ipc",
    "mnt",
    "net",
    "pid",
    "pid_for_children",
    "time",
    "time_for_children",
    "user",
    "uts"
  };

  private static final long FIRST_NUMBER = 4026531834L;

  private Namespaces() {}

  static Inode directory(TaskDirectory directory) {
    StaticDirectory entries = directory.proc().directory();
    for (int i = 0; i < KINDS.length; i++) {
      String kind = KINDS[i].replace("_for_children", "");
      String target = kind + ":[" + (FIRST_NUMBER + Math.floorMod(kind.hashCode(), 1000)) + "]";
      entries.add(
          KINDS[i],
          new PseudoLink(
              directory.proc(),
              directory.proc().newNumber(),
              directory.owner(),
              () -> target(directory, kind, target)));
    }
    return entries;
  }

  /** A task that has ended keeps its own and its users' numbers, and nothing else. */
  private static String target(TaskDirectory directory, String kind, String target) {
    TaskState state = directory.task().state();
    boolean hasEnded = state == TaskState.ZOMBIE || state == TaskState.DEAD;
    if (hasEnded && !kind.equals("pid") && !kind.equals("user")) {
      throw LinuxException.of(Errno.ENOENT);
    }
    return target;
  }
}
