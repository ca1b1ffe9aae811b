package org.usermem.linux.namespace;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.vfs.VirtualFileSystem;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.Task;
import org.usermem.kernel.fd.FsContext;
import org.usermem.kernel.namespace.Namespace;
import org.usermem.kernel.namespace.NamespaceKind;
import org.usermem.linux.mqueue.PosixQueues;
import org.usermem.linux.sysv.IpcBudget;
import org.usermem.linux.sysv.SystemV;

/**
 * System V objects and POSIX queues as some tasks see them (ipc_namespaces(7); ipc/namespace.c).
 * Safe for use by all threads.
 */
public final class IpcNamespace extends Namespace {
  private final VirtualFileSystem vfs;
  private final IpcBudget budget;
  private final PosixQueues queues;

  /** Made when it is first asked for: few programs do. */
  private volatile @Nullable SystemV systemV;

  /** Makes the first one of a kernel. */
  public IpcNamespace(VirtualFileSystem vfs) {
    this(NamespaceKind.IPC.firstNumber(), vfs, new IpcBudget());
  }

  private IpcNamespace(long number, VirtualFileSystem vfs, IpcBudget budget) {
    super(NamespaceKind.IPC, number);
    this.vfs = vfs;
    this.budget = budget;
    this.queues = new PosixQueues(vfs, budget.queued());
  }

  /** Returns the namespace of a task. */
  public static IpcNamespace of(Task task) {
    return of(task.kernel(), task);
  }

  /**
   * Returns the namespace of a task.
   *
   * @param task null for the first namespace of the kernel
   */
  public static IpcNamespace of(Kernel kernel, @Nullable Task task) {
    return (IpcNamespace)
        (task == null ? kernel.namespaces() : task.parts().namespaces()).require(NamespaceKind.IPC);
  }

  @Override
  public IpcNamespace copy(long newNumber, FsContext fs) {
    if (!budget.namespaces().take(1)) {
      throw LinuxException.of(Errno.ENOSPC);
    }
    return new IpcNamespace(newNumber, vfs, budget);
  }

  /** Returns the POSIX queues. */
  public PosixQueues queues() {
    return queues;
  }

  /** Returns the System V objects of the kernel that this is of. */
  public SystemV systemV(Kernel kernel) {
    SystemV found = systemV;
    return found == null ? makeSystemV(kernel) : found;
  }

  private synchronized SystemV makeSystemV(Kernel kernel) {
    SystemV found = systemV;
    if (found == null) {
      found = new SystemV(kernel, budget);
      systemV = found;
    }
    return found;
  }

  /** Gives back what a task has taken of semaphores: at its end, or when it leaves. */
  public void leave(Task task) {
    SystemV found = systemV;
    if (found != null) {
      found.semaphores().leave(task);
    }
  }

  /** Not that of the first one, which its kernel keeps. */
  @Override
  protected void ended() {
    close();
    budget.namespaces().giveBack(1);
  }

  /** Gives back what is left. */
  public void close() {
    queues.close();
    SystemV found = systemV;
    if (found != null) {
      found.close();
    }
  }
}
