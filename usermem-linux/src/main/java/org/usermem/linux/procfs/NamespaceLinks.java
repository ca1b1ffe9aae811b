package org.usermem.linux.procfs;

import org.usermem.fs.Inode;
import org.usermem.kernel.namespace.NamespaceKind;
import org.usermem.linux.pseudo.StaticDirectory;

/** /proc/PID/ns. */
final class NamespaceLinks {
  private NamespaceLinks() {}

  static Inode directory(TaskDirectory directory) {
    StaticDirectory entries = directory.proc().directory();
    for (NamespaceKind each : NamespaceKind.values()) {
      entries.add(each.label(), new NamespaceLink(directory, each));
      if (each == NamespaceKind.PROCESS || each == NamespaceKind.TIME) {
        entries.add(each.label() + "_for_children", new NamespaceLink(directory, each));
      }
    }
    return entries;
  }
}
