package org.usermem.linux.poll;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.AnonymousInode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.WaitQueue;
import org.usermem.fs.event.Waiter;
import org.usermem.linux.system.WatchGraph;

/**
 * An epoll instance ({@code struct eventpoll}): files of interest, and a list of those that may be
 * ready, which notifications of the files fill and waits drain.
 *
 * <p>Lock order: the lock of the interest list, then wait queues of files, then the lock of the
 * ready list, which is a leaf. Files are asked for their readiness under none of the two.
 */
final class EpollDescription extends FileDescription {
  /** A bound on what one instance costs ({@code max_user_watches}). */
  private static final int MAXIMUM_ITEMS = 1 << 20;

  private record Key(int fd, FileDescription file) {}

  /**
   * One event for a program.
   *
   * @param item whose event
   * @param interest what the item was interested in
   * @param events what happened
   */
  record Event(EpollItem item, int interest, int events, long data) {}

  private final WatchGraph watches;
  private final WaitQueue queue = new WaitQueue();
  private final ReentrantLock interestLock = new ReentrantLock();
  private final Map<Key, EpollItem> items = new HashMap<>();

  private final ReentrantLock readyLock = new ReentrantLock();
  private @Nullable EpollItem firstReady;
  private @Nullable EpollItem lastReady;

  private EpollDescription(OpenRequest request, WatchGraph watches) {
    super(request);
    this.watches = watches;
  }

  static EpollDescription create(
      AnonymousFiles files, Credentials credentials, WatchGraph watches) {
    AnonymousInode inode =
        new AnonymousInode(
            files.fileSystem(),
            files.newInodeNumber(),
            0600,
            credentials.userId(),
            credentials.groupId());
    return new EpollDescription(
        new OpenRequest(
            files.place(inode, "anon_inode:[eventpoll]"), OpenFlags.READ_WRITE, credentials),
        watches);
  }

  /** EPOLL_CTL_ADD. */
  void add(int fd, FileDescription file, int events, long data) {
    Key key = new Key(fd, file);
    EpollItem item = new EpollItem(this, fd, file, events, data);
    interestLock.lock();
    try {
      removeClosed(fd);
      if (items.size() >= MAXIMUM_ITEMS) {
        throw LinuxException.of(Errno.ENOSPC);
      }
      if (items.containsKey(key)) {
        throw LinuxException.of(Errno.EEXIST);
      }
      if (file instanceof EpollDescription) {
        watches.link(this, file);
      }
      items.put(key, item);
      file.register(item);
    } finally {
      interestLock.unlock();
    }
    enqueueIfReady(item);
  }

  /** Entries of the same descriptor whose file has gone are gone with it. */
  private void removeClosed(int fd) {
    List<Key> closed = new ArrayList<>();
    for (Map.Entry<Key, EpollItem> each : items.entrySet()) {
      if (each.getKey().fd() == fd) {
        if (each.getKey().file().tryIncRef()) {
          each.getKey().file().decRef();
        } else {
          closed.add(each.getKey());
        }
      }
    }
    closed.forEach(key -> discard(items.remove(key)));
  }

  private void discard(@Nullable EpollItem item) {
    if (item == null) {
      return;
    }
    item.file().unregister(item);
    item.change(0, 0);
    if (item.file() instanceof EpollDescription inner) {
      watches.unlink(this, inner);
    }
  }

  /** EPOLL_CTL_MOD. */
  void modify(int fd, FileDescription file, int events, long data) {
    EpollItem item;
    interestLock.lock();
    try {
      item = items.get(new Key(fd, file));
      if (item == null) {
        throw LinuxException.of(Errno.ENOENT);
      }
      if (item.exclusive() || (events & EpollItem.EXCLUSIVE) != 0) {
        throw LinuxException.of(Errno.EINVAL);
      }
      item.change(events, data);
    } finally {
      interestLock.unlock();
    }
    enqueueIfReady(item);
  }

  /** EPOLL_CTL_DEL. */
  void remove(int fd, FileDescription file) {
    interestLock.lock();
    try {
      EpollItem item = items.remove(new Key(fd, file));
      if (item == null) {
        throw LinuxException.of(Errno.ENOENT);
      }
      discard(item);
    } finally {
      interestLock.unlock();
    }
  }

  private void enqueueIfReady(EpollItem item) {
    if (item.readiness() != 0) {
      enqueue(item);
      queue.notify(Readiness.READABLE);
    }
  }

  /**
   * A file of interest has changed. Called under the lock of the file's queue.
   *
   * @return whether that is enough: an exclusive entry does not keep the event from others if
   *     nobody waits here ({@code ep_poll_callback})
   */
  boolean happened(EpollItem item, int events) {
    int interest = item.events() | Readiness.ALWAYS;
    if (item.isDisabled() || (events & interest) == 0) {
      return false;
    }
    enqueue(item);
    return queue.notify(Readiness.READABLE) || !item.exclusive();
  }

  private void enqueue(EpollItem item) {
    readyLock.lock();
    try {
      if (item.isQueued) {
        return;
      }
      item.isQueued = true;
      item.next = null;
      if (lastReady == null) {
        firstReady = item;
      } else {
        lastReady.next = item;
      }
      lastReady = item;
    } finally {
      readyLock.unlock();
    }
  }

  private @Nullable EpollItem dequeue() {
    readyLock.lock();
    try {
      EpollItem item = firstReady;
      if (item != null) {
        firstReady = item.next;
        if (firstReady == null) {
          lastReady = null;
        }
        item.next = null;
        item.isQueued = false;
      }
      return item;
    } finally {
      readyLock.unlock();
    }
  }

  /** Takes events of files that are ready now; those that are level-triggered stay in the list. */
  List<Event> take(int maximum) {
    List<Event> events = new ArrayList<>();
    List<EpollItem> again = new ArrayList<>();
    interestLock.lock();
    try {
      while (events.size() < maximum) {
        EpollItem item = dequeue();
        if (item == null) {
          break;
        }
        int ready = item.readiness();
        if (ready == 0) {
          continue;
        }
        events.add(new Event(item, item.events(), ready, item.data()));
        if ((item.events() & EpollItem.ONE_SHOT) != 0) {
          item.disable();
        } else if ((item.events() & EpollItem.EDGE_TRIGGERED) == 0) {
          again.add(item);
        }
      }
    } finally {
      interestLock.unlock();
    }
    again.forEach(this::enqueue);
    return events;
  }

  /** Takes back events that could not be told: their files are as ready as they were. */
  void putBack(List<Event> untold) {
    interestLock.lock();
    try {
      for (Event event : untold) {
        EpollItem item = event.item();
        if (item.equals(items.get(new Key(item.fd(), item.file())))) {
          if (item.isDisabled()) {
            item.change(event.interest(), event.data());
          }
          enqueue(item);
        }
      }
    } finally {
      interestLock.unlock();
    }
  }

  /** Whether {@link #take} would find something; entries that are not ready leave the list. */
  boolean hasReady() {
    interestLock.lock();
    try {
      for (EpollItem item = dequeue(); item != null; item = dequeue()) {
        if (item.readiness() != 0) {
          enqueue(item);
          return true;
        }
      }
      return false;
    } finally {
      interestLock.unlock();
    }
  }

  @Override
  protected void onRelease() {
    interestLock.lock();
    try {
      items.values().forEach(this::discard);
      items.clear();
    } finally {
      interestLock.unlock();
    }
  }

  @Override
  public boolean canWait() {
    return true;
  }

  @Override
  public int readiness(int interest) {
    return hasReady() ? Readiness.READABLE & interest : 0;
  }

  @Override
  public void register(Waiter waiter) {
    queue.register(waiter);
  }

  @Override
  public void unregister(Waiter waiter) {
    queue.unregister(waiter);
  }

  @Override
  public String details() {
    StringBuilder text = new StringBuilder();
    interestLock.lock();
    try {
      for (EpollItem item : items.values()) {
        text.append(
            String.format(
                "tfd: %8d events: %8x data: %16x%n", item.fd(), item.events(), item.data()));
      }
    } finally {
      interestLock.unlock();
    }
    return text.toString();
  }
}
