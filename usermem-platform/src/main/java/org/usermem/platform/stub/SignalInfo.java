package org.usermem.platform.stub;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A {@code siginfo_t} of x86-64 Linux.
 *
 * @param memory the struct
 */
public record SignalInfo(MemorySegment memory) {

  /** Number of bytes of the struct. */
  public static final int BYTE_COUNT = 128;

  private static final int CODE_OFFSET = 8;
  private static final int ADDRESS_OFFSET = 16;
  private static final int SYSTEM_CALL_OFFSET = 24;
  private static final int ARCHITECTURE_OFFSET = 28;

  /** Returns {@code si_signo}. */
  public int number() {
    return memory.get(ValueLayout.JAVA_INT, 0);
  }

  /** Returns {@code si_code}. */
  public int code() {
    return memory.get(ValueLayout.JAVA_INT, CODE_OFFSET);
  }

  /** Returns {@code si_addr}; for SIGSYS the address behind the system call's instruction. */
  public long address() {
    return memory.get(ValueLayout.JAVA_LONG, ADDRESS_OFFSET);
  }

  /** Returns {@code si_syscall}, of SIGSYS. */
  public int systemCall() {
    return memory.get(ValueLayout.JAVA_INT, SYSTEM_CALL_OFFSET);
  }

  /** Returns {@code si_arch}, of SIGSYS: AUDIT_ARCH_... */
  public int architecture() {
    return memory.get(ValueLayout.JAVA_INT, ARCHITECTURE_OFFSET);
  }
}
