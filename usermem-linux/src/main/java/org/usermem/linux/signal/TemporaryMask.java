package org.usermem.linux.signal;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Task;

/**
 * The signal mask that ppoll(2), pselect6(2) and epoll_pwait(2) have while they wait ({@code
 * set_user_sigmask}).
 */
public final class TemporaryMask {
  private static final int MASK_BYTE_COUNT = 8;

  private TemporaryMask() {}

  /**
   * Sets a mask for the time of the call.
   *
   * @param address of the mask; 0 for none
   * @param byteCount its length
   */
  public static void begin(Task task, long address, long byteCount) {
    if (address == 0) {
      return;
    }
    if (byteCount != MASK_BYTE_COUNT) {
      throw LinuxException.of(Errno.EINVAL);
    }
    task.signals().setMaskUntilReturn(task.copyInLong(address));
  }

  /** Ends what {@link #begin} began; does nothing if there was no mask. */
  public static void end(Task task, boolean interrupted) {
    task.signals().restoreMaskUnless(interrupted);
  }
}
