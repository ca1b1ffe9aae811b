package org.usermem.fs.inotify;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.usermem.block.BlockSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.AnonymousInode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Inode;
import org.usermem.fs.IoctlRequest;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.WaitQueue;
import org.usermem.fs.event.Waiter;
import org.usermem.fs.watch.WatchEvents;
import org.usermem.sequence.Sink;

/** An inotify instance: watches, and the events that happened and were not read yet. */
public final class InotifyDescription extends FileDescription {

  /** With the mask of a watch: add to the events of a watch that exists (IN_MASK_ADD). */
  public static final int MASK_ADD = 0x2000_0000;

  /** With the mask of a watch: fail if there is one (IN_MASK_CREATE). */
  public static final int MASK_CREATE = 0x1000_0000;

  /** With the mask of a watch: remove it after one event (IN_ONESHOT). */
  public static final int ONE_SHOT = 0x8000_0000;

  /** The watch was removed (IN_IGNORED). */
  static final int IGNORED = 0x8000;

  /** Events were lost (IN_Q_OVERFLOW). */
  private static final int OVERFLOW = 0x4000;

  private static final int FIONREAD = 0x541B;

  /** The most events that wait to be read (fs.inotify.max_queued_events). */
  private static final int QUEUE_LIMIT = 16_384;

  /** The most watches of an instance; each costs memory of the sentry. */
  private static final int WATCH_LIMIT = 65_536;

  private final WaitQueue queue = new WaitQueue();

  // All guarded by events.
  private final ArrayDeque<InotifyEvent> events = new ArrayDeque<>();
  private final Map<Integer, InotifyWatch> watches = new HashMap<>();
  private int nextWatch = 1;

  private InotifyDescription(OpenRequest request) {
    super(request);
  }

  /**
   * Makes an instance.
   *
   * @param files where its inode lives
   * @param flags O_NONBLOCK of {@link OpenFlags}
   * @param credentials who makes it
   * @return a description with one reference, which is the caller's
   */
  public static InotifyDescription create(
      AnonymousFiles files, int flags, Credentials credentials) {
    AnonymousInode inode =
        new AnonymousInode(
            files.fileSystem(),
            files.newInodeNumber(),
            0600,
            credentials.userId(),
            credentials.groupId());
    return new InotifyDescription(
        new OpenRequest(
            files.place(inode, "anon_inode:inotify"),
            OpenFlags.READ_ONLY | (flags & OpenFlags.NON_BLOCKING),
            credentials));
  }

  /**
   * Watches an inode, or changes what it is watched for, as inotify_add_watch(2).
   *
   * @param inode the inode
   * @param mask events of {@link WatchEvents} and flags of this class
   * @return the number of the watch
   * @throws LinuxException EINVAL without any event; EEXIST with {@link #MASK_CREATE}; ENOSPC for
   *     too many watches
   */
  public int addWatch(Inode inode, int mask) {
    int wanted = mask & (WatchEvents.ALL | WatchEvents.EXCLUDE_REMOVED | ONE_SHOT);
    if ((mask & WatchEvents.ALL) == 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    synchronized (events) {
      for (InotifyWatch watch : watches.values()) {
        if (watch.watches(inode)) {
          if ((mask & MASK_CREATE) != 0) {
            throw LinuxException.of(Errno.EEXIST);
          }
          watch.setMask((mask & MASK_ADD) != 0 ? watch.mask() | wanted : wanted);
          return watch.number();
        }
      }
      if (watches.size() >= WATCH_LIMIT) {
        throw LinuxException.of(Errno.ENOSPC);
      }
      InotifyWatch watch = new InotifyWatch(this, inode, nextWatch++, wanted);
      watches.put(watch.number(), watch);
      inode.watches().add(watch);
      return watch.number();
    }
  }

  /**
   * Ends a watch, as inotify_rm_watch(2).
   *
   * @throws LinuxException EINVAL if there is no watch of that number
   */
  public void removeWatch(int number) {
    InotifyWatch watch;
    synchronized (events) {
      watch = watches.remove(number);
    }
    if (watch == null) {
      throw LinuxException.of(Errno.EINVAL);
    }
    watch.end();
    add(new InotifyEvent(number, IGNORED, 0, ""));
  }

  /** Takes note that a watch ended by itself. */
  void ended(InotifyWatch watch) {
    boolean known;
    synchronized (events) {
      known = watches.remove(watch.number(), watch);
    }
    if (known) {
      add(new InotifyEvent(watch.number(), IGNORED, 0, ""));
    }
  }

  /** Adds an event, unless it is the same as the one before or there are too many. */
  void add(InotifyEvent event) {
    synchronized (events) {
      if (event.equals(events.peekLast())) {
        return;
      }
      if (events.size() > QUEUE_LIMIT) {
        return;
      }
      events.addLast(events.size() == QUEUE_LIMIT ? new InotifyEvent(-1, OVERFLOW, 0, "") : event);
    }
    queue.notify(Readiness.READABLE);
  }

  @Override
  protected long onRead(Sink dst, TransferOptions options) {
    synchronized (events) {
      InotifyEvent first = events.peekFirst();
      if (first == null) {
        throw LinuxException.of(Errno.EAGAIN);
      }
      if (first.byteCount() > dst.numBytes()) {
        throw LinuxException.of(Errno.EINVAL);
      }
    }
    return dst.copyOutFrom(this::take);
  }

  private long take(BlockSeq dst) {
    synchronized (events) {
      if (events.isEmpty()) {
        throw LinuxException.of(Errno.EAGAIN);
      }
      BlockSeq rest = dst;
      while (!events.isEmpty() && events.getFirst().byteCount() <= rest.numBytes()) {
        rest = rest.dropFirst(rest.copyFrom(events.removeFirst().bytes()));
      }
      long count = dst.numBytes() - rest.numBytes();
      if (count == 0) {
        // The memory ends within the first event, which stays.
        throw LinuxException.of(Errno.EFAULT);
      }
      return count;
    }
  }

  @Override
  public boolean canWait() {
    return true;
  }

  @Override
  public boolean signalsOwner() {
    return true;
  }

  @Override
  public int readiness(int interest) {
    synchronized (events) {
      return events.isEmpty() ? 0 : Readiness.READABLE & interest;
    }
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
  public long ioctl(IoctlRequest request) {
    if (request.command() != FIONREAD) {
      return super.ioctl(request);
    }
    int byteCount = 0;
    synchronized (events) {
      for (InotifyEvent event : events) {
        byteCount += event.byteCount();
      }
    }
    MemorySegment count = MemorySegment.ofArray(new byte[Integer.BYTES]);
    count.set(ValueLayout.JAVA_INT_UNALIGNED, 0, byteCount);
    request.output(Integer.BYTES).copyOutFully(count);
    return 0;
  }

  @Override
  public String details() {
    StringBuilder text = new StringBuilder();
    synchronized (events) {
      watches.values().forEach(watch -> text.append(watch.details()));
    }
    return text.toString();
  }

  @Override
  protected void onRelease() {
    InotifyWatch[] all;
    synchronized (events) {
      all = watches.values().toArray(InotifyWatch[]::new);
      watches.clear();
    }
    for (InotifyWatch watch : all) {
      watch.end();
    }
  }
}
