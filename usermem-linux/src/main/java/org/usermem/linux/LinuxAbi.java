package org.usermem.linux;

import org.usermem.fs.memfd.SharedMemory;
import org.usermem.fs.vfs.MountNamespace;
import org.usermem.fs.vfs.VirtualFileSystem;
import org.usermem.kernel.Architecture;
import org.usermem.kernel.SyscallTable;
import org.usermem.linux.system.LinuxSystem;

/** Linux on x86-64, for one kernel: what a kernel needs to run Linux programs. Thread-safe. */
public final class LinuxAbi implements AutoCloseable {
  private final LinuxSystem system;
  private final X86Architecture architecture;

  /**
   * Makes the ABI of a kernel.
   *
   * @param vfs the kernel's files
   * @param mounts what is mounted where
   * @param sharedMemory makes files that no directory holds
   */
  public LinuxAbi(VirtualFileSystem vfs, MountNamespace mounts, SharedMemory sharedMemory) {
    this.system = new LinuxSystem(vfs, mounts, sharedMemory);
    this.architecture = new X86Architecture(system);
  }

  /** Returns the architecture. */
  public Architecture architecture() {
    return architecture;
  }

  /** Returns the system calls. */
  public SyscallTable syscalls() {
    return new LinuxSyscalls();
  }

  /** Returns what the system calls share. */
  public LinuxSystem system() {
    return system;
  }

  /** Gives back what is left when the kernel has ended. */
  @Override
  public void close() {
    system.close();
  }
}
