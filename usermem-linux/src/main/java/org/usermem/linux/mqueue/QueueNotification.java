package org.usermem.linux.mqueue;

import org.usermem.errno.LinuxException;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalPayload;

/**
 * Who is told when a message comes to an empty queue: mq_notify(2).
 *
 * @param owner the process that registered
 * @param signo the signal; 0 for none
 * @param value what the signal carries
 */
public record QueueNotification(ThreadGroup owner, int signo, long value) {
  private static final int SI_MESGQ = -3;

  /** Tells the owner of a message that a task has sent. */
  void tell(Task sender) {
    if (signo == 0) {
      return;
    }
    SignalPayload payload =
        new SignalPayload.Value(sender.processId(), sender.credentials().users().real(), value);
    try {
      owner.send(new SignalInfo(signo, 0, SI_MESGQ, payload));
    } catch (LinuxException e) {
      // The owner's queue of signals is full; the sender has nothing to do with that.
      return;
    }
  }
}
