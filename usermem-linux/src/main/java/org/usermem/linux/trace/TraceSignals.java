package org.usermem.linux.trace;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Task;
import org.usermem.kernel.Tracee;
import org.usermem.kernel.signal.SignalInfo;

/** What ptrace(2) shows and changes of a tracee's signals. */
final class TraceSignals {
  private static final int SET_BYTE_COUNT = 8;

  /** PTRACE_PEEKSIGINFO_SHARED: the queue of the process. */
  private static final int SHARED = 1;

  private TraceSignals() {}

  /** PTRACE_GETSIGINFO. */
  static void getInfo(Task task, Tracee tracee, long address) {
    copyOut(task, tracee.signalInfo(), address);
  }

  private static void copyOut(Task task, SignalInfo info, long address) {
    MemorySegment struct = task.scratch(SignalInfo.BYTE_COUNT);
    info.encode(struct);
    task.copyOutFully(address, struct);
  }

  /** PTRACE_SETSIGINFO. */
  static void setInfo(Task task, Tracee tracee, long address) {
    MemorySegment struct = task.scratch(SignalInfo.BYTE_COUNT);
    task.copyInFully(address, struct);
    tracee.setSignalInfo(SignalInfo.decode(struct));
  }

  /** PTRACE_GETSIGMASK. */
  static void getMask(Task task, Tracee tracee, long byteCount, long address) {
    checkSetSize(byteCount);
    task.copyOutLong(address, tracee.signalMask());
  }

  /** PTRACE_SETSIGMASK. */
  static void setMask(Task task, Tracee tracee, long byteCount, long address) {
    checkSetSize(byteCount);
    tracee.setSignalMask(task.copyInLong(address));
  }

  private static void checkSetSize(long byteCount) {
    if (byteCount != SET_BYTE_COUNT) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  /**
   * PTRACE_PEEKSIGINFO.
   *
   * @param arguments address of {@code struct ptrace_peeksiginfo_args}
   * @param address of the array
   * @return how many were copied
   */
  static long peekInfo(Task task, Tracee tracee, long arguments, long address) {
    MemorySegment struct = task.scratch(16);
    task.copyInFully(arguments, struct);
    long first = struct.get(JAVA_LONG_UNALIGNED, 0);
    int flags = struct.get(JAVA_INT_UNALIGNED, 8);
    int count = struct.get(JAVA_INT_UNALIGNED, 12);
    if ((flags & ~SHARED) != 0 || count < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    List<SignalInfo> queued = tracee.queuedSignals((flags & SHARED) != 0);
    int copied = 0;
    for (long i = first; i >= 0 && i < queued.size() && copied < count; i++) {
      try {
        copyOut(task, queued.get((int) i), address + (long) copied * SignalInfo.BYTE_COUNT);
      } catch (LinuxException e) {
        if (copied == 0) {
          throw e;
        }
        break;
      }
      copied++;
    }
    return copied;
  }
}
