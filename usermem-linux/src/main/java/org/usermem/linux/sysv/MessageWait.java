package org.usermem.linux.sysv;

import org.jspecify.annotations.Nullable;
import org.usermem.kernel.Task;

/** A task that waits for a message or for room: {@code msg_receiver} and {@code msg_sender}. */
final class MessageWait {
  private final Task task;
  private final @Nullable MessageChoice choice;
  private final long maximum;
  private @Nullable Message message;
  private volatile boolean woken;

  /**
   * Makes a wait.
   *
   * @param choice what is waited for; null for room
   * @param maximum how long the message may be
   */
  MessageWait(Task task, @Nullable MessageChoice choice, long maximum) {
    this.task = task;
    this.choice = choice;
    this.maximum = maximum;
  }

  int processId() {
    return task.processId();
  }

  boolean takes(Message each) {
    return choice != null && choice.takes(each);
  }

  /** Ends the wait with a message; one that is too long makes the receiver look for itself. */
  boolean give(Message given) {
    boolean fits = given.body().length <= maximum;
    if (fits) {
      message = given;
    }
    lookAgain();
    return fits;
  }

  /** Ends the wait, for the task to see what there is. */
  void lookAgain() {
    woken = true;
    task.blocking().wake();
  }

  boolean isWoken() {
    return woken;
  }

  /** Returns the message that was given; null for none. Under the lock of the queues. */
  @Nullable Message message() {
    return message;
  }
}
