package org.usermem.linux.signal;

import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalPayload;
import org.usermem.kernel.signal.Signals;

/**
 * What the processor reported with the last exception, as a signal frame shows it.
 *
 * @param trapNumber vector of the exception
 * @param errorCode its error code
 * @param address the contents of cr2: the address of the last page fault
 */
record TrapDetails(long trapNumber, long errorCode, long address) {
  static final TrapDetails NONE = new TrapDetails(0, 0, 0);

  private static final int PAGE_FAULT = 14;
  private static final int USER_ACCESS = 4;
  private static final int PROTECTION = 1;

  /** The details that go with a signal, if an instruction raised it. */
  static TrapDetails of(SignalInfo info) {
    if (!info.isFromKernel() || !(info.payload() instanceof SignalPayload.Fault fault)) {
      return NONE;
    }
    return switch (info.signo()) {
      case Signals.SIGSEGV -> {
        int protection = info.code() == SignalInfo.SEGV_ACCERR ? PROTECTION : 0;
        yield new TrapDetails(PAGE_FAULT, USER_ACCESS | protection, fault.addr());
      }
      case Signals.SIGBUS -> new TrapDetails(PAGE_FAULT, USER_ACCESS, fault.addr());
      case Signals.SIGFPE -> new TrapDetails(info.code() == 1 ? 0 : 16, 0, 0);
      case Signals.SIGILL -> new TrapDetails(6, 0, 0);
      case Signals.SIGTRAP -> {
        boolean isDebug =
            info.code() == SignalInfo.TRAP_TRACE || info.code() == SignalInfo.TRAP_HWBKPT;
        yield new TrapDetails(isDebug ? 1 : 3, 0, 0);
      }
      default -> NONE;
    };
  }
}
