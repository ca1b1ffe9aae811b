package org.usermem.linux.procfs;

import org.usermem.fs.Inode;
import org.usermem.linux.pseudo.StaticDirectory;

/** /proc/PID/ns: there is one namespace of each kind but uts. */
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

  private Namespaces() {}

  static Inode directory(TaskDirectory directory) {
    StaticDirectory entries = directory.proc().directory();
    for (String kind : KINDS) {
      entries.add(kind, new NamespaceLink(directory, kind.replace("_for_children", "")));
    }
    return entries;
  }
}
