package org.usermem.kernel.namespace;

import org.jspecify.annotations.Nullable;

/** The kinds of namespaces of Linux; of some there is one in a kernel. */
public enum NamespaceKind {
  CGROUP("cgroup", 0x200_0000, 0xeffffffbL),
  IPC("ipc", 0x800_0000, 0xefffffffL),
  MOUNT("mnt", 0x2_0000, 0xeffffff8L),
  NETWORK("net", 0x4000_0000, 0xeffffff9L),
  PROCESS("pid", 0x2000_0000, 0xeffffffcL),
  TIME("time", 0x80, 0xeffffffaL),
  USER("user", 0x1000_0000, 0xeffffffdL),
  UTS("uts", 0x400_0000, 0xeffffffeL);

  private final String label;
  private final long flag;
  private final long firstNumber;

  NamespaceKind(String label, long flag, long firstNumber) {
    this.label = label;
    this.flag = flag;
    this.firstNumber = firstNumber;
  }

  /** Returns the name in /proc/PID/ns. */
  public String label() {
    return label;
  }

  /** Returns the flag of clone(2), unshare(2) and setns(2). */
  public long flag() {
    return flag;
  }

  /** Returns the number of the first namespace of the kind ({@code enum init_ns_ino}). */
  public long firstNumber() {
    return firstNumber;
  }

  /**
   * Finds the kind of a name.
   *
   * @return the kind; null if there is none
   */
  public static @Nullable NamespaceKind of(String label) {
    for (NamespaceKind each : values()) {
      if (each.label.equals(label)) {
        return each;
      }
    }
    return null;
  }
}
