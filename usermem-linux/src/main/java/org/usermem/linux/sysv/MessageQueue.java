package org.usermem.linux.sysv;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Task;
import org.usermem.mm.shm.IpcCaller;
import org.usermem.mm.shm.IpcPermissions;

/** A queue of messages: Linux's {@code msg_queue}. */
public final class MessageQueue extends IpcObject {
  private final MessageQueues queues;
  private final List<Message> messages = new ArrayList<>();
  private final List<MessageWait> receivers = new ArrayList<>();
  private final List<MessageWait> senders = new ArrayList<>();
  private long byteCount;
  private long maximumByteCount = MessageQueues.MAXIMUM_QUEUE_BYTES;
  private long sendSeconds;
  private long receiveSeconds;
  private int sender;
  private int receiver;

  MessageQueue(ReentrantLock lock, MessageQueues queues, int key, IpcPermissions permissions) {
    super(lock, key, permissions);
    this.queues = queues;
  }

  /**
   * What IPC_STAT tells.
   *
   * @param id the number
   * @param key the key
   * @param permissions owner and mode
   * @param sendSeconds when a message was sent last; 0 for never
   * @param receiveSeconds when a message was taken last; 0 for never
   * @param changeSeconds when it was made or changed
   * @param byteCount bytes in the queue
   * @param messageCount messages in the queue
   * @param maximumByteCount bytes that may be in the queue
   * @param sender the process that sent last; 0 for none
   * @param receiver the process that took last; 0 for none
   */
  public record Status(
      int id,
      int key,
      IpcPermissions permissions,
      long sendSeconds,
      long receiveSeconds,
      long changeSeconds,
      long byteCount,
      int messageCount,
      long maximumByteCount,
      int sender,
      int receiver) {}

  /** Returns the state of the queue. */
  public Status status() {
    lock().lock();
    try {
      return new Status(
          id(),
          key(),
          permissionsLocked(),
          sendSeconds,
          receiveSeconds,
          changeSecondsLocked(),
          byteCount,
          messages.size(),
          maximumByteCount,
          sender,
          receiver);
    } finally {
      lock().unlock();
    }
  }

  /**
   * Returns the state of the queue to somebody who may read it.
   *
   * @throws LinuxException EACCES or EIDRM
   */
  public Status status(IpcCaller caller) {
    lock().lock();
    try {
      requireLocked(caller, READ);
      return status();
    } finally {
      lock().unlock();
    }
  }

  /**
   * Changes owner, mode and size (IPC_SET).
   *
   * @param mayGrow whether the queue may be larger than is usual (CAP_SYS_RESOURCE)
   * @throws LinuxException EPERM or EIDRM
   */
  public void set(IpcCaller caller, int uid, int gid, int mode, long bytes, boolean mayGrow) {
    lock().lock();
    try {
      requireOwnerLocked(caller);
      if (Long.compareUnsigned(bytes, MessageQueues.MAXIMUM_QUEUE_BYTES) > 0 && !mayGrow) {
        throw LinuxException.of(Errno.EPERM);
      }
      maximumByteCount = bytes;
      setOwnerLocked(uid, gid, mode);
      // Who waits may not have the right any more, or find room now.
      List.copyOf(receivers).forEach(MessageWait::lookAgain);
      List.copyOf(senders).forEach(MessageWait::lookAgain);
    } finally {
      lock().unlock();
    }
  }

  /**
   * Tries to send a message.
   *
   * @param wait how the sender waits if there is no room; null not to
   * @return whether it is sent; otherwise the sender waits
   * @throws LinuxException EACCES, EIDRM, EAGAIN or ENOMEM
   */
  boolean sendLocked(Task task, Message message, @Nullable MessageWait wait) {
    requireLocked(new TaskCaller(task), WRITE);
    int size = message.body().length;
    boolean fits =
        Long.compareUnsigned(byteCount + size, maximumByteCount) <= 0
            && Long.compareUnsigned(messages.size() + 1L, maximumByteCount) <= 0;
    if (!fits) {
      if (wait == null) {
        throw LinuxException.of(Errno.EAGAIN);
      }
      senders.add(wait);
      return false;
    }
    if (!handOverLocked(message)) {
      queues.chargeLocked(size);
      messages.add(message);
      byteCount += size;
    }
    sender = task.processId();
    sendSeconds = seconds();
    return true;
  }

  /** Gives a message to who waits for it ({@code pipelined_send}). */
  private boolean handOverLocked(Message message) {
    Iterator<MessageWait> each = receivers.iterator();
    while (each.hasNext()) {
      MessageWait wait = each.next();
      if (wait.takes(message)) {
        each.remove();
        if (wait.give(message)) {
          receiver = wait.processId();
          receiveSeconds = seconds();
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Tries to take a message.
   *
   * @param maximum how long it may be
   * @param truncates whether a longer one is taken nevertheless (MSG_NOERROR)
   * @return the message; null if there is none that is wanted
   * @throws LinuxException EACCES, EIDRM, E2BIG; EINVAL for a copy that would be cut
   */
  @Nullable Message receiveLocked(
      Task task, MessageChoice choice, long maximum, boolean truncates) {
    requireLocked(new TaskCaller(task), READ);
    Message found = choice.find(messages);
    if (found == null) {
      return null;
    }
    boolean stays = choice instanceof MessageChoice.At;
    if (found.body().length > maximum && (stays || !truncates)) {
      // A copy is never cut (copy_msg).
      throw LinuxException.of(truncates ? Errno.EINVAL : Errno.E2BIG);
    }
    if (stays) {
      return found;
    }
    messages.remove(found);
    byteCount -= found.body().length;
    queues.refundLocked(found.body().length);
    receiver = task.processId();
    receiveSeconds = seconds();
    wakeSendersLocked();
    return found;
  }

  private void wakeSendersLocked() {
    senders.forEach(MessageWait::lookAgain);
    senders.clear();
  }

  void addReceiverLocked(MessageWait wait) {
    receivers.add(wait);
  }

  void dropLocked(MessageWait wait) {
    receivers.remove(wait);
    senders.remove(wait);
  }

  int messageCountLocked() {
    return messages.size();
  }

  long byteCountLocked() {
    return byteCount;
  }

  @Override
  void endWaitsLocked() {
    for (Message each : messages) {
      queues.refundLocked(each.body().length);
    }
    messages.clear();
    byteCount = 0;
    receivers.forEach(MessageWait::lookAgain);
    receivers.clear();
    wakeSendersLocked();
  }
}
