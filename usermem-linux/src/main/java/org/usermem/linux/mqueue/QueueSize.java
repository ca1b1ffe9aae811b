package org.usermem.linux.mqueue;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * How much a queue holds.
 *
 * @param messages how many messages
 * @param messageBytes how long each may be
 */
public record QueueSize(long messages, long messageBytes) {
  /** What a queue has if nobody says otherwise (msg_default, msgsize_default). */
  public static final QueueSize DEFAULT = new QueueSize(10, 8192);

  /** What queues of users without privileges may have (msg_max, msgsize_max). */
  private static final QueueSize MAXIMUM = new QueueSize(10, 8192);

  private static final QueueSize HARD_MAXIMUM = new QueueSize(65536, 16 << 20);

  private static final int MESSAGE_OVERHEAD = 48;
  private static final int NODE_OVERHEAD = 48;
  private static final int MOST_PRIORITIES = 32768;

  /**
   * Checks that a queue may have this size ({@code mq_attr_ok}).
   *
   * @param isPrivileged whether its maker has CAP_SYS_RESOURCE
   * @throws LinuxException EINVAL
   */
  void require(boolean isPrivileged) {
    QueueSize most = isPrivileged ? HARD_MAXIMUM : MAXIMUM;
    if (messages <= 0
        || messageBytes <= 0
        || messages > most.messages
        || messageBytes > most.messageBytes) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  /** Returns what the queue counts for against RLIMIT_MSGQUEUE ({@code mqueue_get_inode}). */
  long chargedBytes() {
    long nodes = Math.min(messages, MOST_PRIORITIES);
    return messages * (MESSAGE_OVERHEAD + messageBytes) + nodes * NODE_OVERHEAD;
  }
}
