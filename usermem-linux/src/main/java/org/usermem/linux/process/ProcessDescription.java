package org.usermem.linux.process;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.AnonymousInode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;
import org.usermem.kernel.ThreadGroup;

/** A pidfd: a process as a file that becomes readable when it ends (pidfd_open(2)). */
public final class ProcessDescription extends FileDescription {
  private final ThreadGroup process;

  private ProcessDescription(OpenRequest request, ThreadGroup process) {
    super(request);
    this.process = process;
  }

  /**
   * Makes a pidfd.
   *
   * @param flags of which O_NONBLOCK counts
   */
  static ProcessDescription create(
      AnonymousFiles files, ThreadGroup process, int flags, Credentials credentials) {
    AnonymousInode inode =
        new AnonymousInode(
            files.fileSystem(),
            files.newInodeNumber(),
            0600,
            credentials.userId(),
            credentials.groupId());
    int kept = OpenFlags.READ_WRITE | (flags & OpenFlags.NON_BLOCKING);
    return new ProcessDescription(
        new OpenRequest(files.place(inode, "anon_inode:[pidfd]"), kept, credentials), process);
  }

  /**
   * Returns the process.
   *
   * @throws LinuxException ESRCH if somebody has waited for it
   */
  ThreadGroup process() {
    if (process.kernel().process(process.id()) != process) {
      throw LinuxException.of(Errno.ESRCH);
    }
    return process;
  }

  /** Returns the process's number, whether or not it is still there. */
  int processId() {
    return process.id();
  }

  @Override
  public boolean canWait() {
    return true;
  }

  @Override
  public int readiness(int interest) {
    return process.hasEnded() ? Readiness.READABLE & interest : 0;
  }

  @Override
  public void register(Waiter waiter) {
    process.exitQueue().register(waiter);
  }

  @Override
  public void unregister(Waiter waiter) {
    process.exitQueue().unregister(waiter);
  }

  @Override
  public String details() {
    boolean isThere = process.kernel().process(process.id()) == process;
    int number = isThere ? process.id() : -1;
    return "Pid:\t" + number + "\nNSpid:\t" + number + "\n";
  }
}
