package org.usermem.platform.stub;

import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;

/**
 * Tells from a SIGSEGV how the guest accessed memory, where the host does not say.
 *
 * <p>What is not mapped on the host is reported as read, or as executed where the instruction
 * itself is at the address. The handler maps it with all that the page permits. If that was not
 * enough the host says next that the mapping does not permit the access; as whatever is mapped can
 * be read, that was a write, or the fetch of an instruction that begins on the page before.
 *
 * <p>Thread safety: none; it belongs to one guest thread.
 */
public final class FaultGuess {

  private static final int LONGEST_INSTRUCTION = 15;

  private long lastAddress;
  private long lastRip;
  private boolean lastWasWrite;

  /** Makes a guess with no fault before it. */
  public FaultGuess() {}

  /** Returns whether a SIGSEGV is a page fault: others have no address. */
  public static boolean isPageFault(int signal, int code) {
    return signal == Signals.SIGSEGV
        && (code == Signals.SEGV_MAPERR
            || code == Signals.SEGV_ACCERR
            || code == Signals.SEGV_PKUERR);
  }

  /**
   * Guesses the access.
   *
   * @param code the {@code si_code}
   * @param address the address that was accessed
   * @param rip the address of the instruction
   */
  public AccessType guess(int code, long address, long rip) {
    if (address == rip) {
      lastWasWrite = false;
      return AccessType.EXECUTE;
    }
    if (code == Signals.SEGV_MAPERR) {
      lastWasWrite = false;
      return AccessType.READ;
    }
    boolean writeDidNotHelp = lastWasWrite && lastAddress == address && lastRip == rip;
    lastWasWrite = !writeDidNotHelp;
    lastAddress = address;
    lastRip = rip;
    return writeDidNotHelp && reachesInto(rip, address) ? AccessType.EXECUTE : AccessType.WRITE;
  }

  private static boolean reachesInto(long rip, long address) {
    long distance = address - rip;
    return Addr.isPageAligned(address) && distance > 0 && distance < LONGEST_INSTRUCTION;
  }
}
