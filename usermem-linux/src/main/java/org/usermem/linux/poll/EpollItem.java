package org.usermem.linux.poll;

import org.jspecify.annotations.Nullable;
import org.usermem.fs.FileDescription;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;

/**
 * One entry of an epoll instance's interest list ({@code struct epitem}). Fields are guarded by the
 * instance.
 */
final class EpollItem extends Waiter {
  static final int EXCLUSIVE = 1 << 28;
  static final int WAKE_UP = 1 << 29;
  static final int ONE_SHOT = 1 << 30;
  static final int EDGE_TRIGGERED = 1 << 31;

  private final EpollDescription owner;
  private final int fd;

  /** The file, on which an entry holds no reference: whoever closes it last ends the entry too. */
  private final FileDescription file;

  private int events;
  private long data;

  // The list of entries that may be ready.
  boolean isQueued;
  @Nullable EpollItem next;

  EpollItem(EpollDescription owner, int fd, FileDescription file, int events, long data) {
    super(~0, (events & EXCLUSIVE) != 0);
    this.owner = owner;
    this.fd = fd;
    this.file = file;
    this.events = events;
    this.data = data;
  }

  int fd() {
    return fd;
  }

  FileDescription file() {
    return file;
  }

  int events() {
    return events;
  }

  long data() {
    return data;
  }

  void change(int newEvents, long newData) {
    events = newEvents;
    data = newData;
  }

  /** After one event the entry sleeps until it is changed. */
  void disable() {
    events &= EXCLUSIVE | WAKE_UP | ONE_SHOT | EDGE_TRIGGERED;
  }

  boolean isDisabled() {
    return (events & ~(EXCLUSIVE | WAKE_UP | ONE_SHOT | EDGE_TRIGGERED)) == 0;
  }

  /** What of the file is ready and of interest; 0 if it was closed. The caller holds no lock. */
  int readiness() {
    if (isDisabled() || !file.tryIncRef()) {
      return 0;
    }
    try {
      int interest = events | Readiness.ALWAYS;
      return file.readiness(interest)
          & interest
          & ~(EXCLUSIVE | WAKE_UP | ONE_SHOT | EDGE_TRIGGERED);
    } finally {
      file.decRef();
    }
  }

  @Override
  protected boolean wake(int happened) {
    return owner.happened(this, happened);
  }
}
