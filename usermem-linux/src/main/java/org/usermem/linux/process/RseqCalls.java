package org.usermem.linux.process;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.RseqRegistration;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;
import org.usermem.linux.signal.CriticalSection;

/** rseq(2); kernel/rseq.c. */
public final class RseqCalls {
  private static final int UNREGISTER = 1;
  private static final int MINIMUM_BYTE_COUNT = 32;
  private static final int ALIGNMENT = 32;

  private static final int STATE_BYTE_COUNT = 8;
  private static final int NODE_AT = 20;

  private RseqCalls() {}

  /** rseq(rseq, rseq_len, flags, sig). */
  public static long rseq(Task task, SyscallArguments args) {
    long address = args.asLong(0);
    long byteCount = args.asUnsignedInt(1);
    int flags = args.asInt(2);
    int signature = args.asInt(3);
    RseqRegistration now = task.parts().rseq();
    if ((flags & ~UNREGISTER) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (now != null || flags == UNREGISTER) {
      requireSame(now, address, byteCount, signature);
      if (flags == 0) {
        throw LinuxException.of(Errno.EBUSY);
      }
      writeState(task, address, RseqRegistration.NO_PROCESSOR);
      task.parts().setRseq(null);
      return 0;
    }
    if (byteCount < MINIMUM_BYTE_COUNT
        || byteCount > Integer.MAX_VALUE
        || address % ALIGNMENT != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    task.singleSink(address, byteCount);
    register(task, address, (int) byteCount, signature);
    return 0;
  }

  private static void requireSame(
      @Nullable RseqRegistration now, long address, long byteCount, int signature) {
    if (now == null || now.addr() != address || now.byteCount() != byteCount) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (now.signature() != signature) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  private static void register(Task task, long address, int byteCount, int signature) {
    RseqRegistration made = task.kernel().registerRseq(task, address, byteCount, signature);
    try {
      writeState(task, address, made.processor());
    } catch (LinuxException e) {
      // Linux finds this out when it returns to the program.
      task.force(SignalInfo.kernel(Signals.SIGSEGV));
    }
  }

  /** Finds another processor for a task after a change of those that it may run on. */
  static void migrate(Task task) {
    RseqRegistration now = task.parts().rseq();
    if (now == null) {
      return;
    }
    CriticalSection.leave(task);
    register(task, now.addr(), now.byteCount(), now.signature());
  }

  /** Writes cpu_id_start, cpu_id, node_id and mm_cid. */
  private static void writeState(Task task, long address, int processor) {
    MemorySegment state = task.scratch(STATE_BYTE_COUNT);
    state.set(JAVA_INT_UNALIGNED, 0, Math.max(processor, 0));
    state.set(JAVA_INT_UNALIGNED, 4, processor);
    task.copyOutFully(address, state);
    state.set(JAVA_INT_UNALIGNED, 0, 0);
    state.set(JAVA_INT_UNALIGNED, 4, Math.max(processor, 0));
    task.copyOutFully(address + NODE_AT, state);
  }
}
