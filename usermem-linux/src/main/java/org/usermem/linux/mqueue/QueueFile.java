package org.usermem.linux.mqueue;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.NewFile;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.RegularFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.WaitQueue;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.sequence.Sink;

/** A queue as a file: {@code mqueue_inode_info} of Linux's ipc/mqueue.c. Thread-safe. */
final class QueueFile extends RegularFile {
  private static final int TEXT_BYTE_COUNT = 80;

  private final QueueBudget budget;
  private final QueueSize size;
  private final int owner;
  private final WaitQueue waiters = new WaitQueue();

  // Guarded by this object:
  private final QueueMessages messages = new QueueMessages();
  private FileAttributes attributes;
  private @Nullable QueueNotification notification;
  private int waitingReceivers;
  private int opens;
  private boolean unlinked;

  QueueFile(QueueFileSystem queues, long number, NewFile file, QueueSize size) {
    super(queues, number);
    this.budget = queues.budget();
    this.size = size;
    this.owner = file.userId();
    long now = queues.context().clock().nanos();
    this.attributes =
        new FileAttributes(
            queues.deviceId(),
            number,
            FileType.REGULAR.modeBits() | file.permissions(),
            1,
            file.userId(),
            file.groupId(),
            0,
            TEXT_BYTE_COUNT,
            0,
            4096,
            now,
            now,
            now,
            0,
            0);
  }

  QueueSize size() {
    return size;
  }

  int ownerId() {
    return owner;
  }

  WaitQueue waiters() {
    return waiters;
  }

  synchronized int messageCount() {
    return messages.count();
  }

  synchronized int readiness() {
    return (messages.count() > 0 ? Readiness.READABLE : 0)
        | (messages.count() < size.messages() ? Readiness.WRITABLE : 0);
  }

  /**
   * Puts a message into the queue.
   *
   * @throws LinuxException EAGAIN if the queue is full; ENOMEM
   */
  void send(Task sender, byte[] body, int priority) {
    QueueNotification told = null;
    synchronized (this) {
      if (messages.count() >= size.messages()) {
        throw LinuxException.of(Errno.EAGAIN);
      }
      budget.takeMemory(body.length);
      messages.add(new QueueMessage(priority, body));
      if (messages.count() == 1 && waitingReceivers == 0) {
        told = notification;
        notification = null;
      }
    }
    if (told != null) {
      told.tell(sender);
    }
    waiters.notify(Readiness.READABLE);
  }

  /**
   * Takes the next message.
   *
   * @throws LinuxException EAGAIN if there is none
   */
  QueueMessage receive() {
    QueueMessage message;
    synchronized (this) {
      if (messages.count() == 0) {
        throw LinuxException.of(Errno.EAGAIN);
      }
      message = messages.take();
      budget.giveMemoryBack(message.body().length);
    }
    waiters.notify(Readiness.WRITABLE);
    return message;
  }

  /** Counts a receiver that waits: while there is one, nobody is notified. */
  synchronized void receiverWaits(boolean begins) {
    waitingReceivers += begins ? 1 : -1;
  }

  /**
   * Registers who is told of the next message.
   *
   * @throws LinuxException EBUSY if somebody is already
   */
  synchronized void register(QueueNotification wanted) {
    if (notification != null) {
      throw LinuxException.of(Errno.EBUSY);
    }
    notification = wanted;
  }

  /** Takes a process's registration back. */
  synchronized void unregister(ThreadGroup process) {
    if (notification != null && notification.owner().equals(process)) {
      notification = null;
    }
  }

  /** What reading the file gives. */
  synchronized byte[] text() {
    QueueNotification now = notification;
    String text =
        "QSIZE:%-10d NOTIFY:%-5d SIGNO:%-5d NOTIFY_PID:%-6d\n"
            .formatted(
                messages.byteCount(),
                0,
                now == null ? 0 : now.signo(),
                now == null ? 0 : now.owner().id());
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  synchronized void opened() {
    opens++;
  }

  void closed() {
    synchronized (this) {
      opens--;
    }
    dropIfUnreachable();
  }

  void unlink() {
    synchronized (this) {
      unlinked = true;
    }
    dropIfUnreachable();
  }

  private synchronized void dropIfUnreachable() {
    if (!unlinked || opens > 0) {
      return;
    }
    while (messages.count() > 0) {
      budget.giveMemoryBack(messages.take().body().length);
    }
  }

  @Override
  public long byteSize() {
    return TEXT_BYTE_COUNT;
  }

  @Override
  public long readAt(Sink dst, long offset) {
    throw new UnsupportedOperationException("read by description");
  }

  @Override
  public synchronized BasicAttributes basicAttributes() {
    return attributes;
  }

  @Override
  public synchronized FileAttributes attributes() {
    return attributes;
  }

  @Override
  public synchronized void setAttributes(AttributeChange change) {
    attributes = change.appliedTo(attributes);
  }

  @Override
  public FileDescription open(OpenRequest request) {
    return new QueueDescription(this, request);
  }
}
