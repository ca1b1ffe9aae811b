package org.usermem.linux.mqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;
import org.usermem.kernel.SyscallRestart;
import org.usermem.kernel.Task;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.pseudo.PositionedDescription;
import org.usermem.sequence.Sink;

/** An open queue. */
public final class QueueDescription extends PositionedDescription {
  private final QueueFile queue;

  QueueDescription(QueueFile queue, OpenRequest request) {
    super(request);
    this.queue = queue;
    queue.opened();
  }

  @Override
  protected void onRelease() {
    Task task = Task.current();
    if (task != null) {
      queue.unregister(task.threadGroup());
    }
    queue.closed();
  }

  /** Returns how much the queue holds. */
  public QueueSize size() {
    return queue.size();
  }

  /** Returns how many messages are in the queue. */
  public int messageCount() {
    return queue.messageCount();
  }

  /**
   * Sends a message, and waits for room unless the description does not wait.
   *
   * @param deadline a time of CLOCK_REALTIME, or {@link Clocks#NEVER}
   * @throws LinuxException EAGAIN, ETIMEDOUT or ENOMEM
   * @throws SyscallRestart on a signal
   */
  public void send(Task task, byte[] body, int priority, long deadline) {
    waiting(
        task,
        Readiness.WRITABLE,
        deadline,
        () -> {
          queue.send(task, body, priority);
          return 0;
        });
  }

  /**
   * Receives a message, and waits for one unless the description does not wait.
   *
   * @param deadline a time of CLOCK_REALTIME, or {@link Clocks#NEVER}
   * @throws LinuxException EAGAIN or ETIMEDOUT
   * @throws SyscallRestart on a signal
   */
  public QueueMessage receive(Task task, long deadline) {
    List<QueueMessage> received = new ArrayList<>(1);
    queue.receiverWaits(true);
    try {
      waiting(
          task,
          Readiness.READABLE,
          deadline,
          () -> {
            received.add(queue.receive());
            return 0;
          });
    } finally {
      queue.receiverWaits(false);
    }
    return received.getFirst();
  }

  private long waiting(Task task, int events, long deadline, LongSupplier operation) {
    if (has(OpenFlags.NON_BLOCKING)) {
      return operation.getAsLong();
    }
    try {
      long until =
          deadline == Clocks.NEVER ? Clocks.NEVER : Clocks.REALTIME.earliestArrival(deadline);
      return task.blocking().retry(this, events, until, operation);
    } catch (LinuxException e) {
      throw e.errno() == Errno.EAGAIN ? LinuxException.of(Errno.ETIMEDOUT) : e;
    }
  }

  /**
   * Registers who is told of the next message.
   *
   * @throws LinuxException EBUSY if somebody is already
   */
  public void register(QueueNotification wanted) {
    queue.register(wanted);
  }

  /** Takes a process's registration back. */
  public void unregister(Task task) {
    queue.unregister(task.threadGroup());
  }

  @Override
  protected long onReadAt(Sink dst, long offset, TransferOptions options) {
    return copyOut(queue.text(), dst, offset);
  }

  @Override
  public boolean canWait() {
    return true;
  }

  @Override
  public int readiness(int interest) {
    return queue.readiness() & interest;
  }

  @Override
  public void register(Waiter waiter) {
    queue.waiters().register(waiter);
  }

  @Override
  public void unregister(Waiter waiter) {
    queue.waiters().unregister(waiter);
  }
}
