package org.usermem.kernel;

import org.usermem.kernel.limits.ResourceUsage;
import org.usermem.kernel.signal.Signals;

/**
 * What a wait found.
 *
 * @param pid the child
 * @param uid the child's real user
 * @param status its {@link WaitStatus}
 * @param code {@code CLD_*} of {@link org.usermem.kernel.signal.SignalInfo}
 * @param usage what it used, with its own children that were waited for
 */
public record WaitResult(int pid, int uid, int status, int code, ResourceUsage usage) {

  /**
   * Returns {@code si_status} as waitid(2) reports it: the exit code or the signal.
   *
   * @return the value
   */
  public int signalStatus() {
    if (status == WaitStatus.CONTINUED) {
      return Signals.SIGCONT;
    }
    if (WaitStatus.isExited(status) || (status & 0xff) == 0x7f) {
      return status >> 8;
    }
    return status & 0x7f;
  }
}
