package org.usermem.linux.procfs;

import org.usermem.fs.Inode;
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
      long number = FIRST_NUMBER + Math.floorMod(kind.hashCode(), 1000);
      entries.add(KINDS[i], new NamespaceLink(directory, kind + ":[" + number + "]", number));
    }
    return entries;
  }
}
