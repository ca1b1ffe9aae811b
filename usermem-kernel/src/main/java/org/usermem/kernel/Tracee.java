package org.usermem.kernel;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;
import org.usermem.platform.Context;
import org.usermem.platform.Registers;

/**
 * What a tracer sees of a tracee, and changes of it, while that is stopped for it: ESRCH otherwise.
 * Memory is reached through the address space (layer 2), whatever the program's protections say.
 * For the tracer's own thread.
 */
public final class Tracee {

  /** Where a tracee is with a system call (PTRACE_GET_SYSCALL_INFO). */
  public enum SyscallStop {
    /** Not stopped at one. */
    NONE,
    /** It is about to be made. */
    ENTRY,
    /** It has been made. */
    EXIT,
    /** A filter of seccomp(2) has the tracer decide about it. */
    SECCOMP
  }

  /** Number of debug registers, DR4 and DR5 counted. */
  public static final int DEBUG_REGISTER_COUNT = DebugRegisters.COUNT;

  /** PTRACE_EVENTMSG_SYSCALL_ENTRY. */
  static final int MESSAGE_ENTRY = 1;

  /** PTRACE_EVENTMSG_SYSCALL_EXIT. */
  static final int MESSAGE_EXIT = 2;

  private final Tracing tracing;
  private final int tid;
  private final long addressEnd;

  /**
   * Makes a view.
   *
   * @param addressEnd the end of the program's addresses
   */
  Tracee(Tracing tracing, int tid, long addressEnd) {
    this.tracing = tracing;
    this.tid = tid;
    this.addressEnd = addressEnd;
  }

  /** Does nothing if the tracee is stopped for the tracer; ESRCH otherwise. */
  public void requireStopped() {
    tracing.withStopped(tid, tracee -> {});
  }

  /** Returns the message of the event that the tracee stopped for (PTRACE_GETEVENTMSG). */
  public long eventMessage() {
    return tracing.fromStopped(tid, tracee -> tracee.trace.message);
  }

  /**
   * Returns the signal that the tracee stopped for (PTRACE_GETSIGINFO).
   *
   * @throws LinuxException ESRCH; EINVAL if it stopped with its process
   */
  public SignalInfo signalInfo() {
    return tracing.fromStopped(tid, Tracee::lastInfo);
  }

  private static SignalInfo lastInfo(Task tracee) {
    SignalInfo info = tracee.trace.lastInfo;
    if (info == null) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return info;
  }

  /**
   * Replaces the signal that the tracee stopped for (PTRACE_SETSIGINFO).
   *
   * @throws LinuxException ESRCH; EINVAL if it stopped with its process
   */
  public void setSignalInfo(SignalInfo info) {
    tracing.withStopped(
        tid,
        tracee -> {
          lastInfo(tracee);
          tracee.trace.lastInfo = info;
          tracee.trace.injectedInfo = info;
        });
  }

  /**
   * Returns signals that are queued, without taking them (PTRACE_PEEKSIGINFO).
   *
   * @param ofProcess whether those of the process rather than the task's own
   * @return all of them, oldest first
   */
  public List<SignalInfo> queuedSignals(boolean ofProcess) {
    return tracing.fromStopped(
        tid,
        tracee -> {
          List<SignalInfo> queued = new ArrayList<>();
          (ofProcess ? tracee.threadGroup().pending : tracee.signals().pending)
              .queued()
              .forEach(queued::add);
          return queued;
        });
  }

  /** Returns the tracee's signal mask (PTRACE_GETSIGMASK). */
  public long signalMask() {
    return tracing.fromStopped(tid, tracee -> tracee.signals().maskToRestore());
  }

  /**
   * Sets the tracee's signal mask (PTRACE_SETSIGMASK), for good: a mask that a system call had for
   * its time does not come back.
   */
  public void setSignalMask(long mask) {
    tracing.withStopped(
        tid,
        tracee -> {
          tracee.signals().setMaskLocked(SignalSet.blockable(mask));
          tracee.signals().forgetSavedMask();
        });
  }

  /**
   * Returns at which end of a system call the tracee has stopped (PTRACE_GET_SYSCALL_INFO). Stops
   * at system calls are told from others only where the tracer asked for that
   * (PTRACE_O_TRACESYSGOOD).
   */
  public SyscallStop syscallStop() {
    return tracing.fromStopped(
        tid,
        tracee -> {
          SignalInfo info = tracee.trace.lastInfo;
          int code = info == null ? 0 : info.code();
          if (code == (Signals.SIGTRAP | TraceOptions.EVENT_SECCOMP << 8)) {
            return SyscallStop.SECCOMP;
          }
          if (code != (Signals.SIGTRAP | TraceOptions.SYSCALL_BIT)) {
            return SyscallStop.NONE;
          }
          return switch ((int) tracee.trace.message) {
            case MESSAGE_ENTRY -> SyscallStop.ENTRY;
            case MESSAGE_EXIT -> SyscallStop.EXIT;
            default -> SyscallStop.NONE;
          };
        });
  }

  /**
   * Returns what the tracee has told about restartable sequences (PTRACE_GET_RSEQ_CONFIGURATION);
   * null if nothing.
   */
  public @Nullable RseqRegistration rseq() {
    return tracing
        .fromStopped(tid, tracee -> Optional.ofNullable(tracee.parts().rseq()))
        .orElse(null);
  }

  /** Copies the tracee's registers (PTRACE_GETREGS). */
  public void copyRegisters(Registers target) {
    tracing.withStopped(tid, tracee -> target.copyFrom(tracee.registers()));
  }

  /**
   * Sets one of the tracee's registers (PTRACE_POKEUSER, PTRACE_SETREGS); privileged bits of the
   * flags stay.
   *
   * @param index its position among {@link Registers}
   * @throws LinuxException ESRCH; EIO if the value is a segment base outside the program's
   *     addresses, or a selector that user code can't have
   */
  public void setRegister(int index, long value) {
    tracing.withStopped(
        tid, tracee -> UserRegisters.put(tracee.registers(), index, value, addressEnd));
  }

  /** Returns one of the tracee's debug registers (PTRACE_PEEKUSER). */
  public long debugRegister(int index) {
    return tracing.fromStopped(tid, tracee -> tracee.trace.debug.get(index));
  }

  /**
   * Sets one of the tracee's debug registers (PTRACE_POKEUSER): addresses at whose execution or
   * change it is to stop with SIGTRAP. Until they are cleared the tracee runs slowly.
   *
   * @throws LinuxException ESRCH; EIO for one that is none; EINVAL for a value that makes no sense;
   *     ENOSPC for watching reads
   */
  public void setDebugRegister(int index, long value) {
    tracing.withStopped(tid, tracee -> tracee.trace.debug.set(index, value, addressEnd));
  }

  /**
   * Does something with the tracee's guest thread, on the tracee's own thread: its floating-point
   * state can't be reached from another (PTRACE_GETFPREGS, PTRACE_GETREGSET).
   *
   * @param action what to do; it must not block
   * @throws LinuxException ESRCH; what the action throws
   */
  public void withContext(Consumer<Context> action) {
    Task tracee = tracing.fromStopped(tid, Function.identity());
    LinuxException[] failure = new LinuxException[1];
    boolean[] done = new boolean[1];
    tracee.stops.runOnTaskThread(
        () -> {
          try {
            action.accept(tracee.runner.context());
          } catch (LinuxException e) {
            failure[0] = e;
          }
          done[0] = true;
        });
    if (!done[0]) {
      throw LinuxException.of(Errno.ESRCH);
    }
    if (failure[0] != null) {
      throw failure[0];
    }
  }

  /**
   * Reads the tracee's memory whatever its protections (PTRACE_PEEKDATA).
   *
   * @param dst filled from its start
   * @return the number of bytes read
   * @throws LinuxException ESRCH; EIO if nothing could be read
   */
  public long peek(long addr, MemorySegment dst) {
    Task tracee = tracing.fromStopped(tid, Function.identity());
    try (MemoryUse use = tracee.useMemory()) {
      return use.memory().copyIn(addr, dst, 0, dst.byteSize(), IOOpts.IGNORE_PERMISSIONS);
    } catch (LinuxException e) {
      throw asIo(e);
    }
  }

  /**
   * Writes the tracee's memory whatever its protections (PTRACE_POKEDATA): private pages are copied
   * first, so that a breakpoint in a program's text stays its own.
   *
   * @return the number of bytes written
   * @throws LinuxException ESRCH; EIO if nothing could be written
   */
  public long poke(long addr, MemorySegment src) {
    Task tracee = tracing.fromStopped(tid, Function.identity());
    try (MemoryUse use = tracee.useMemory()) {
      return use.memory().copyOut(addr, src, 0, src.byteSize(), IOOpts.IGNORE_PERMISSIONS);
    } catch (LinuxException e) {
      throw asIo(e);
    }
  }

  private static LinuxException asIo(LinuxException e) {
    return e.errno() == Errno.EFAULT ? LinuxException.of(Errno.EIO) : e;
  }
}
