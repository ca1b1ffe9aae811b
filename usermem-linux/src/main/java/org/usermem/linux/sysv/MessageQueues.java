package org.usermem.linux.sysv;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Blocking.Outcome;
import org.usermem.kernel.SyscallRestart;
import org.usermem.kernel.Task;
import org.usermem.kernel.time.Clocks;
import org.usermem.mm.shm.IpcCaller;
import org.usermem.mm.shm.IpcPermissions;

/** All queues of messages: Linux's ipc/msg.c. Thread-safe; one lock guards table and queues. */
public final class MessageQueues {
  /** The most queues (MSGMNI). */
  public static final int MAXIMUM_QUEUES = 32000;

  /** The longest message in bytes (MSGMAX). */
  public static final int MAXIMUM_MESSAGE_BYTES = 8192;

  /** How many bytes a new queue takes (MSGMNB). */
  public static final int MAXIMUM_QUEUE_BYTES = 16384;

  private static final int OVERHEAD = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final IpcTable<MessageQueue> table = new IpcTable<>(MAXIMUM_QUEUES, lock);
  private final Budget budget;

  /**
   * Makes the queues of a namespace.
   *
   * @param budget what messages may take of the sentry's memory, in bytes
   */
  MessageQueues(Budget budget) {
    this.budget = budget;
  }

  /**
   * Finds or makes a queue as msgget(2) does.
   *
   * @throws LinuxException ENOENT, EEXIST, EACCES or ENOSPC
   */
  public MessageQueue get(int key, int flags, IpcCaller caller) {
    return table.get(
        key,
        flags,
        caller,
        found -> {},
        () -> new MessageQueue(lock, this, key, IpcPermissions.ofNew(caller, flags)));
  }

  /**
   * Finds a queue by its number.
   *
   * @throws LinuxException EINVAL if there is none
   */
  public MessageQueue find(int id) {
    return table.find(id);
  }

  /**
   * Finds a queue by its index.
   *
   * @throws LinuxException EINVAL if there is none
   */
  public MessageQueue findByIndex(int index) {
    return table.findByIndex(index);
  }

  /** Returns the highest index in use, or 0. */
  public int highestIndex() {
    return table.highestIndex();
  }

  /** Returns all queues. */
  public List<MessageQueue> queues() {
    return table.all();
  }

  /**
   * Removes a queue with its messages (IPC_RMID); who waits for it gets EIDRM.
   *
   * @throws LinuxException EPERM or EIDRM
   */
  public void remove(MessageQueue queue, IpcCaller caller) {
    lock.lock();
    try {
      queue.requireOwnerLocked(caller);
      table.removeLocked(queue);
    } finally {
      lock.unlock();
    }
  }

  /** Removes all queues. */
  void close() {
    lock.lock();
    try {
      table.all().forEach(table::removeLocked);
    } finally {
      lock.unlock();
    }
  }

  void chargeLocked(int byteCount) {
    if (!budget.take(byteCount + OVERHEAD)) {
      throw LinuxException.of(Errno.ENOMEM);
    }
  }

  void refundLocked(int byteCount) {
    budget.giveBack(byteCount + OVERHEAD);
  }

  /**
   * Sends a message as msgsnd(2) does.
   *
   * @param waits whether to wait for room
   * @throws LinuxException EACCES, EAGAIN, EIDRM or ENOMEM
   * @throws SyscallRestart IF_NO_HANDLER on a signal
   */
  public void send(Task task, MessageQueue queue, Message message, boolean waits) {
    while (true) {
      MessageWait wait = waits ? new MessageWait(task, null, 0) : null;
      lock.lock();
      try {
        if (queue.sendLocked(task, message, wait)) {
          return;
        }
      } finally {
        lock.unlock();
      }
      if (wait != null) {
        await(task, queue, wait);
      }
    }
  }

  /**
   * Takes a message as msgrcv(2) does.
   *
   * @param maximum how long it may be
   * @param truncates whether a longer one is taken nevertheless; the caller cuts it
   * @param waits whether to wait for one
   * @throws LinuxException EACCES, ENOMSG, E2BIG or EIDRM
   * @throws SyscallRestart IF_NO_HANDLER on a signal
   */
  public Message receive(
      Task task,
      MessageQueue queue,
      MessageChoice choice,
      long maximum,
      boolean truncates,
      boolean waits) {
    while (true) {
      MessageWait wait = new MessageWait(task, choice, truncates ? Long.MAX_VALUE : maximum);
      lock.lock();
      try {
        Message message = queue.receiveLocked(task, choice, maximum, truncates);
        if (message != null) {
          return message;
        }
        if (!waits) {
          throw LinuxException.of(Errno.ENOMSG);
        }
        queue.addReceiverLocked(wait);
      } finally {
        lock.unlock();
      }
      Message given = await(task, queue, wait);
      if (given != null) {
        return given;
      }
    }
  }

  private @Nullable Message await(Task task, MessageQueue queue, MessageWait wait) {
    Outcome outcome = task.blocking().until(wait::isWoken, Clocks.NEVER);
    lock.lock();
    try {
      queue.dropLocked(wait);
      if (outcome == Outcome.INTERRUPTED && !wait.isWoken()) {
        throw SyscallRestart.IF_NO_HANDLER;
      }
      return wait.message();
    } finally {
      lock.unlock();
    }
  }

  /**
   * What MSG_INFO tells.
   *
   * @param queues how many there are
   * @param messages how many are in them
   * @param byteCount how many bytes those have
   */
  public record Totals(int queues, int messages, long byteCount) {}

  /** Returns what is in all queues. */
  public Totals totals() {
    lock.lock();
    try {
      List<MessageQueue> all = table.all();
      return new Totals(
          all.size(),
          all.stream().mapToInt(MessageQueue::messageCountLocked).sum(),
          all.stream().mapToLong(MessageQueue::byteCountLocked).sum());
    } finally {
      lock.unlock();
    }
  }
}
