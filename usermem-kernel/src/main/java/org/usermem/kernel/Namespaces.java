package org.usermem.kernel;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;

/** Which namespaces a task may have of its own (namespaces(7)): those of the machine's names. */
public final class Namespaces {

  private Namespaces() {}

  /**
   * Checks that a task may have the namespaces that it asks for.
   *
   * @param flags of clone(2) or unshare(2)
   * @throws LinuxException EPERM for CLONE_NEWUSER, as in a chroot, which programs expect where
   *     they try whether they may; EPERM without CAP_SYS_ADMIN; EINVAL for all others but
   *     CLONE_NEWUTS, as from a kernel that was built without them
   */
  public static void check(Task task, long flags) {
    long wanted = flags & CloneOptions.CLONE_NAMESPACES;
    if ((wanted & CloneOptions.CLONE_NEWUSER) != 0
        || (wanted != 0 && !task.credentials().has(Capability.SYS_ADMIN))) {
      throw LinuxException.of(Errno.EPERM);
    }
    if ((wanted & ~CloneOptions.CLONE_NEWUTS) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }
}
