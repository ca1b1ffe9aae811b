package org.usermem.platform;

import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.SystemCall;

/** Memory barriers on all threads of the host, those of guests among them (membarrier(2)). */
public final class HostBarrier {

  private static final int QUERY = 0;
  private static final int GLOBAL = 1;

  private HostBarrier() {}

  /** Returns whether the host can do it. */
  public static boolean isSupported() {
    long commands = HostCalls.current().quick(SystemCall.MEMBARRIER, QUERY, 0, 0);
    return commands > 0 && (commands & GLOBAL) != 0;
  }

  /**
   * Makes every thread that runs pass a full memory barrier before this returns; takes
   * milliseconds.
   *
   * @throws PlatformException if the host can't
   */
  public static void onAllThreads() {
    long result = HostCalls.current().call(SystemCall.MEMBARRIER, GLOBAL, 0, 0);
    if (result < 0) {
      throw new PlatformException("membarrier failed with errno " + -result);
    }
  }
}
