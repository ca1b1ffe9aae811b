package org.usermem.linux.system;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.memfd.SharedMemory;
import org.usermem.fs.vfs.MountNamespace;
import org.usermem.fs.vfs.VirtualFileSystem;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.Task;

/**
 * What the system calls of one sentry share beside its kernel. A task finds it through the
 * architecture of its kernel. Thread-safe.
 */
public final class LinuxSystem {
  /** What a kernel's architecture implements here, so that its system can be found. */
  public interface Owner {
    /** Returns the system. */
    LinuxSystem system();
  }

  private final VirtualFileSystem vfs;
  private final MountNamespace mounts;
  private final SharedMemory sharedMemory;
  private final Entropy entropy = new Entropy();
  private final UnimplementedCalls unimplementedCalls = new UnimplementedCalls();

  /** Makes a system over files. */
  public LinuxSystem(VirtualFileSystem vfs, MountNamespace mounts, SharedMemory sharedMemory) {
    this.vfs = vfs;
    this.mounts = mounts;
    this.sharedMemory = sharedMemory;
  }

  /** Returns the system that a task belongs to. */
  public static LinuxSystem of(Task task) {
    return of(task.kernel());
  }

  /** Returns the system that belongs to a kernel. */
  public static LinuxSystem of(Kernel kernel) {
    return ((Owner) kernel.architecture()).system();
  }

  /** Returns the files. */
  public VirtualFileSystem vfs() {
    return vfs;
  }

  /** Returns what is mounted where. */
  public MountNamespace mounts() {
    return mounts;
  }

  /** Returns what makes files that no directory holds. */
  public SharedMemory sharedMemory() {
    return sharedMemory;
  }

  /** Returns the calls that programs made in vain. */
  public UnimplementedCalls unimplementedCalls() {
    return unimplementedCalls;
  }

  /**
   * Counts a call that is not implemented.
   *
   * @throws LinuxException ENOSYS, always
   */
  public long unimplemented(int number) {
    unimplementedCalls.count(number);
    throw LinuxException.of(Errno.ENOSYS);
  }

  /** Returns where random bytes come from. */
  public Entropy entropy() {
    return entropy;
  }
}
