package org.usermem.kernel;

import org.usermem.kernel.fd.FileDescriptorTable;
import org.usermem.kernel.fd.FsContext;
import org.usermem.kernel.limits.ResourceLimits;

/**
 * What a process starts with; all of it goes over to the process.
 *
 * @param image its program
 * @param files its file descriptors
 * @param fsContext its root, working directory and umask
 * @param limits its limits
 */
public record ProcessStart(
    ProgramImage image, FileDescriptorTable files, FsContext fsContext, ResourceLimits limits) {

  /** Gives back what the process would have taken over. */
  void giveBack() {
    image.executable().decRef();
    image.memory().decUsers();
    files.decUsers();
    fsContext.decUsers();
  }
}
