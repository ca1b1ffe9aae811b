package org.usermem.linux.file;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.ProcessGroup;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.identity.UserIds;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalPayload;
import org.usermem.kernel.signal.Signals;

/**
 * Who gets a signal when a file with O_ASYNC becomes ready, and which: {@code struct fown_struct}.
 * Safe for use by several threads.
 */
final class FileOwner extends Waiter {

  /** What a number of F_SETOWN_EX names. */
  enum Kind {
    /** One task. */
    TASK(0),
    /** A process. */
    PROCESS(1),
    /** A process group. */
    PROCESS_GROUP(2);

    private final int value;

    Kind(int value) {
      this.value = value;
    }

    /** Returns Linux's value. */
    int value() {
      return value;
    }

    /**
     * Returns the kind that a program means.
     *
     * @throws LinuxException EINVAL if there is none of that value
     */
    static Kind of(int value) {
      for (Kind kind : values()) {
        if (kind.value == value) {
          return kind;
        }
      }
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  /**
   * An owner.
   *
   * @param kind what the number names
   * @param id the number; 0 for nobody
   * @param real real user of the task that named it
   * @param effective effective user of that task
   */
  record Owner(Kind kind, int id, int real, int effective) {
    static final Owner NOBODY = new Owner(Kind.TASK, 0, 0, 0);
  }

  private static final int POLL_IN = 1;
  private static final int POLL_OUT = 2;
  private static final long BAND_IN = 0x41;
  private static final long BAND_OUT = 0x304;

  private final Kernel kernel;
  private volatile Owner owner = Owner.NOBODY;
  private volatile int signo;
  private volatile int fd;
  private boolean registered;

  private FileOwner(Kernel kernel, int mask) {
    super(mask);
    this.kernel = kernel;
  }

  /** Returns the owner of a file, who is nobody at first. */
  static FileOwner of(Task task, FileDescription file) {
    return (FileOwner) file.owner(() -> new FileOwner(task.kernel(), mask(file)));
  }

  private static int mask(FileDescription file) {
    return (file.isReadable() ? Readiness.READABLE : 0)
        | (file.isWritable() ? Readiness.WRITABLE : 0);
  }

  /**
   * Changes status flags, and with O_ASYNC whether the owner is told ({@code setfl}).
   *
   * @param fd the descriptor that the signal will name
   */
  static void setFlags(Task task, FileDescription file, int fd, int flags) {
    boolean before = file.has(OpenFlags.ASYNC);
    file.setFlags(flags);
    boolean after = (flags & OpenFlags.ASYNC) != 0;
    if (before != after && file.signalsOwner()) {
      of(task, file).tell(file, fd, after);
    }
  }

  private synchronized void tell(FileDescription file, int descriptor, boolean on) {
    if (on) {
      fd = descriptor;
    }
    if (on == registered) {
      return;
    }
    registered = on;
    if (on) {
      file.register(this);
    } else {
      file.unregister(this);
    }
  }

  Owner owner() {
    return owner;
  }

  /** Returns the owner's number, 0 if there is none or it has gone. */
  int idIfAlive() {
    Owner now = owner;
    return exists(now.kind, now.id) ? now.id : 0;
  }

  private boolean exists(Kind kind, int id) {
    return kind == Kind.PROCESS_GROUP
        ? kernel.processGroup(id) != null
        : id > 0 && kernel.task(id) != null;
  }

  /**
   * Names the owner ({@code f_setown}).
   *
   * @param id 0 for nobody
   * @throws LinuxException ESRCH if there is none of that number
   */
  void setOwner(Task task, Kind kind, int id) {
    if (id == 0) {
      owner = new Owner(kind, 0, 0, 0);
      return;
    }
    if (!exists(kind, id)) {
      throw LinuxException.of(Errno.ESRCH);
    }
    UserIds users = task.credentials().users();
    owner = new Owner(kind, id, users.real(), users.effective());
  }

  int signal() {
    return signo;
  }

  /**
   * Sets the signal (F_SETSIG).
   *
   * @param number 0 for SIGIO without information
   * @throws LinuxException EINVAL if there is no such signal
   */
  void setSignal(long number) {
    if (Long.compareUnsigned(number, Signals.LAST) > 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    signo = (int) number;
  }

  /** Sends the signal; follows {@code send_sigio}. */
  @Override
  protected boolean wake(int events) {
    Owner target = owner;
    if (target.id != 0) {
      boolean readable = (events & Readiness.READABLE & mask()) != 0;
      switch (target.kind) {
        case TASK -> send(target, kernel.task(target.id), readable);
        case PROCESS -> send(target, kernel.process(target.id), readable);
        case PROCESS_GROUP -> {
          ProcessGroup group = kernel.processGroup(target.id);
          if (group != null) {
            group.members().forEach(each -> send(target, each, readable));
          }
        }
      }
    }
    return true;
  }

  private void send(Owner from, @Nullable ThreadGroup process, boolean readable) {
    if (process != null && maySignal(from, process.leader())) {
      deliver(process::send, readable);
    }
  }

  private void send(Owner from, @Nullable Task task, boolean readable) {
    if (task != null && maySignal(from, task)) {
      deliver(task::send, readable);
    }
  }

  /** Follows {@code sigio_perm}. */
  private static boolean maySignal(Owner from, Task task) {
    UserIds users = task.credentials().users();
    return from.effective == 0
        || from.effective == users.saved()
        || from.effective == users.real()
        || from.real == users.saved()
        || from.real == users.real();
  }

  private interface Receiver {
    void send(SignalInfo info);
  }

  private void deliver(Receiver receiver, boolean readable) {
    int number = signo;
    if (number == 0 || !isQueued(receiver, number, readable)) {
      receiver.send(SignalInfo.kernel(Signals.SIGIO));
    }
  }

  private boolean isQueued(Receiver receiver, int number, boolean readable) {
    SignalPayload band = new SignalPayload.Band(readable ? BAND_IN : BAND_OUT, fd);
    try {
      receiver.send(new SignalInfo(number, 0, readable ? POLL_IN : POLL_OUT, band));
      return true;
    } catch (LinuxException e) {
      // The queue is full: SIGIO says that something was lost.
      return false;
    }
  }
}
