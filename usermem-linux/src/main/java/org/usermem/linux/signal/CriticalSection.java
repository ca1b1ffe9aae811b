package org.usermem.linux.signal;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.RseqRegistration;
import org.usermem.kernel.Task;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;

/**
 * Leaving a restartable sequence: {@code rseq_ip_fixup} of kernel/rseq.c. A signal's handler, or
 * another processor number, means that the sequence has to start over. That the host runs another
 * task meanwhile does not: no other task has the same number.
 */
public final class CriticalSection {
  private static final int POINTER_AT = 8;
  private static final int BYTE_COUNT = 32;
  private static final int SIGNATURE_BYTE_COUNT = 4;

  private CriticalSection() {}

  /**
   * Has the task go on at the abort handler if it is in a restartable sequence; what describes the
   * sequence wrongly ends in SIGSEGV.
   */
  public static void leave(Task task) {
    RseqRegistration registration = task.parts().rseq();
    if (registration == null) {
      return;
    }
    try {
      long pointer = task.copyInLong(registration.addr() + POINTER_AT);
      if (pointer != 0) {
        leave(task, registration, pointer);
      }
    } catch (LinuxException e) {
      task.force(SignalInfo.kernel(Signals.SIGSEGV));
    }
  }

  private static void leave(Task task, RseqRegistration registration, long pointer) {
    MemorySegment section = task.scratch(BYTE_COUNT);
    task.copyInFully(pointer, section);
    int version = section.get(JAVA_INT_UNALIGNED, 0);
    int flags = section.get(JAVA_INT_UNALIGNED, 4);
    long start = section.get(JAVA_LONG_UNALIGNED, 8);
    long length = section.get(JAVA_LONG_UNALIGNED, 16);
    long abort = section.get(JAVA_LONG_UNALIGNED, 24);
    boolean sane =
        version == 0
            && start >= 0
            && abort >= 0
            && length >= 0
            && start + length >= 0
            && Long.compareUnsigned(abort - start, length) >= 0
            && task.copyInInt(abort - SIGNATURE_BYTE_COUNT) == registration.signature();
    if (!sane) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long at = task.registers().rip();
    if (Long.compareUnsigned(at - start, length) < 0) {
      if (flags != 0) {
        // The flags of sections that are not restarted have gone from Linux.
        throw LinuxException.of(Errno.EINVAL);
      }
      task.registers().setRip(abort);
    }
    task.copyOutLong(registration.addr() + POINTER_AT, 0);
  }
}
