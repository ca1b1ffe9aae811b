package org.usermem.linux.process;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.CloneOptions;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.namespace.Namespace;
import org.usermem.kernel.namespace.NamespaceKind;
import org.usermem.kernel.namespace.Namespaces;
import org.usermem.linux.namespace.IpcNamespace;
import org.usermem.linux.nsfs.NamespaceInode;

/** setns(2), and what unshare(2) does to namespaces; kernel/nsproxy.c. */
public final class NamespaceCalls {
  private NamespaceCalls() {}

  /**
   * setns(fd, flags). A task is already in the only namespace of a kind; only that of users it
   * can't enter again.
   */
  public static long setns(Task task, SyscallArguments args) {
    long flags = args.asUnsignedInt(1);
    FileDescription file = task.files().get(args.asInt(0));
    try {
      enter(task, wanted(file, flags));
      return 0;
    } finally {
      file.decRef();
    }
  }

  /** Returns which namespaces a file stands for, of those that there are several of. */
  private static List<Namespace> wanted(FileDescription file, long flags) {
    List<Namespace> wanted = new ArrayList<>();
    if (file instanceof ProcessDescription process) {
      if (flags == 0 || (flags & ~Namespaces.flags()) != 0) {
        throw LinuxException.of(Errno.EINVAL);
      }
      Namespaces all = process.process().leader().parts().namespaces();
      for (NamespaceKind each : NamespaceKind.values()) {
        if ((flags & each.flag()) != 0) {
          add(wanted, each, all.get(each));
        }
      }
    } else if (file.inode() instanceof NamespaceInode inode
        && (flags == 0 || flags == inode.kind().flag())) {
      add(wanted, inode.kind(), inode.namespace());
    } else {
      throw LinuxException.of(Errno.EINVAL);
    }
    return wanted;
  }

  private static void add(
      List<Namespace> wanted, NamespaceKind kind, @Nullable Namespace namespace) {
    if (kind == NamespaceKind.USER) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (namespace != null) {
      wanted.add(namespace);
    }
  }

  private static void enter(Task task, List<Namespace> wanted) {
    if (!task.credentials().has(Capability.SYS_ADMIN)) {
      throw LinuxException.of(Errno.EPERM);
    }
    boolean movesMounts = wanted.stream().anyMatch(each -> each.kind() == NamespaceKind.MOUNT);
    if (movesMounts && !task.credentials().has(Capability.SYS_CHROOT)) {
      throw LinuxException.of(Errno.EPERM);
    }
    if (movesMounts && task.fsContext().isShared()) {
      throw LinuxException.of(Errno.EINVAL);
    }
    Namespaces entered = task.parts().namespaces().with(wanted);
    wanted.forEach(each -> each.entered(task.fsContext()));
    replace(task, entered);
  }

  /**
   * Gives a task namespaces of its own (unshare(2)).
   *
   * @param flags which; where paths start is the task's own already if mounts are among them
   */
  static void unshare(Task task, long flags) {
    if ((flags & Namespaces.flags()) != 0) {
      replace(task, task.parts().namespaces().copy(flags, task.fsContext()));
    }
  }

  @SuppressWarnings("ReferenceEquality") // A namespace is itself and no other.
  private static void replace(Task task, Namespaces others) {
    IpcNamespace before = IpcNamespace.of(task);
    if (others.get(NamespaceKind.IPC) != before) {
      // Adjustments of semaphores are made where they were asked for (exit_sem).
      before.leave(task);
    }
    task.parts().replaceNamespaces(others);
  }

  /** Returns the flags of unshare(2) with those that they bring along. */
  static long withImplied(long flags) {
    long all = flags;
    if ((flags & CloneOptions.CLONE_NEWNS) != 0) {
      all |= CloneOptions.CLONE_FS;
    }
    if ((flags & CloneOptions.CLONE_NEWIPC) != 0) {
      all |= CloneOptions.CLONE_SYSVSEM;
    }
    return all;
  }
}
