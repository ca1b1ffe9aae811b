package org.usermem.linux.process;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.CloneOptions;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.UtsNamespace;
import org.usermem.linux.procfs.NamespaceInode;

/** setns(2); kernel/nsproxy.c. */
public final class NamespaceCalls {
  private NamespaceCalls() {}

  /** setns(fd, flags): of all kinds but uts there is one, which cannot be entered. */
  public static long setns(Task task, SyscallArguments args) {
    long kinds = args.asUnsignedInt(1);
    FileDescription file = task.files().get(args.asInt(0));
    try {
      UtsNamespace uts =
          switch (file) {
            case ProcessDescription process when kinds == CloneOptions.CLONE_NEWUTS ->
                process.process().leader().parts().uts();
            default -> ofInode(file, kinds);
          };
      if (!task.credentials().has(Capability.SYS_ADMIN)) {
        throw LinuxException.of(Errno.EPERM);
      }
      task.parts().setUts(uts);
      return 0;
    } finally {
      file.decRef();
    }
  }

  private static UtsNamespace ofInode(FileDescription file, long kinds) {
    UtsNamespace uts = file.inode() instanceof NamespaceInode inode ? inode.uts() : null;
    if (uts != null && (kinds == 0 || kinds == CloneOptions.CLONE_NEWUTS)) {
      return uts;
    }
    throw LinuxException.of(Errno.EINVAL);
  }
}
