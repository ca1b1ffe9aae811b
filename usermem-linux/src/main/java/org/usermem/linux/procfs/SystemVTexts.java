package org.usermem.linux.procfs;

import org.usermem.fs.Inode;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.Task;
import org.usermem.linux.namespace.IpcNamespace;
import org.usermem.linux.sysv.MessageQueue;
import org.usermem.linux.sysv.SemaphoreSet;
import org.usermem.linux.sysv.SystemV;
import org.usermem.mm.shm.IpcPermissions;
import org.usermem.mm.shm.ShmSegment;

/** /proc/sysvipc: the System V objects, as ipcs(1) reads them. */
final class SystemVTexts {
  private static final int SHM_DEST = 01000;
  private static final int SHM_LOCKED = 02000;

  private SystemVTexts() {}

  static Inode directory(ProcFileSystem proc, Kernel kernel) {
    return proc.directory(
        "msg",
        proc.text(() -> messages(objects(kernel))),
        "sem",
        proc.text(() -> semaphores(objects(kernel))),
        "shm",
        proc.text(() -> segments(objects(kernel))));
  }

  /** The objects that the reader sees. */
  private static SystemV objects(Kernel kernel) {
    return IpcNamespace.of(kernel, Task.current()).systemV(kernel);
  }

  /** Owner and creator, as all three files show them. */
  private static String owners(IpcPermissions permissions) {
    return "%5s %5s %5s %5s"
        .formatted(
            Integer.toUnsignedString(permissions.uid()),
            Integer.toUnsignedString(permissions.gid()),
            Integer.toUnsignedString(permissions.creatorUid()),
            Integer.toUnsignedString(permissions.creatorGid()));
  }

  private static String messages(SystemV objects) {
    StringBuilder text =
        new StringBuilder(
            "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid "
                + " cgid      stime      rtime      ctime\n");
    for (MessageQueue each : objects.messages().queues()) {
      MessageQueue.Status status = each.status();
      text.append(
          "%10d %10d  %4o  %10d %10d %5d %5d %s %10d %10d %10d\n"
              .formatted(
                  status.key(),
                  status.id(),
                  status.permissions().mode(),
                  status.byteCount(),
                  status.messageCount(),
                  status.sender(),
                  status.receiver(),
                  owners(status.permissions()),
                  status.sendSeconds(),
                  status.receiveSeconds(),
                  status.changeSeconds()));
    }
    return text.toString();
  }

  private static String semaphores(SystemV objects) {
    StringBuilder text =
        new StringBuilder(
            "       key      semid perms      nsems   uid   gid  cuid  cgid      otime     "
                + " ctime\n");
    for (SemaphoreSet each : objects.semaphores().sets()) {
      SemaphoreSet.Status status = each.status();
      text.append(
          "%10d %10d  %4o %10d %s %10d %10d\n"
              .formatted(
                  status.key(),
                  status.id(),
                  status.permissions().mode(),
                  status.count(),
                  owners(status.permissions()),
                  status.operationSeconds(),
                  status.changeSeconds()));
    }
    return text.toString();
  }

  private static String segments(SystemV objects) {
    StringBuilder text =
        new StringBuilder(
            "       key      shmid perms                  size  cpid  lpid nattch   uid   gid "
                + " cuid  cgid      atime      dtime      ctime                   rss            "
                + "      swap\n");
    for (ShmSegment each : objects.segments().segments()) {
      ShmSegment.Status status = each.status();
      int modes = (status.isRemoved() ? SHM_DEST : 0) | (status.isLocked() ? SHM_LOCKED : 0);
      text.append(
          "%10d %10d  %4o %21d %5d %5d  %5d %s %10d %10d %10d %21d %21d\n"
              .formatted(
                  status.key(),
                  each.id(),
                  status.permissions().mode() | modes,
                  status.byteCount(),
                  status.creatorPid(),
                  status.lastPid(),
                  status.attachments(),
                  owners(status.permissions()),
                  status.attachSeconds(),
                  status.detachSeconds(),
                  status.changeSeconds(),
                  status.residentBytes(),
                  0));
    }
    return text.toString();
  }
}
