package org.usermem.kernel;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalPayload;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;
import org.usermem.platform.Context;
import org.usermem.platform.Registers;

/**
 * ptrace(2) as the tracer asks for it, on the tracer's own thread. Where nothing else is said the
 * tracee must be stopped for this tracer, else ESRCH. Memory is reached through the address space
 * (layer 2), whatever the program's protections say.
 */
public final class Tracing {

  /** System-call stops carry bit 7 in their signal. */
  public static final int O_TRACESYSGOOD = 1;

  /** The tracee dies with its tracer. */
  public static final int O_EXITKILL = 1 << 20;

  /** Every option of PTRACE_SETOPTIONS that is known. */
  public static final int O_ALL = 0xff | O_EXITKILL | 1 << 21;

  /** The tracee has forked. */
  public static final int EVENT_FORK = 1;

  /** The tracee has vforked. */
  public static final int EVENT_VFORK = 2;

  /** The tracee has cloned. */
  public static final int EVENT_CLONE = 3;

  /** The tracee has executed a program. */
  public static final int EVENT_EXEC = 4;

  /** The tracee's vfork is over. */
  public static final int EVENT_VFORK_DONE = 5;

  /** The tracee is ending. */
  public static final int EVENT_EXIT = 6;

  /** A seized tracee stopped, or its process did. */
  public static final int EVENT_STOP = 128;

  /** How a tracee runs on. */
  public enum Resume {
    /** Freely. */
    CONTINUE,
    /** To the next entry or exit of a system call. */
    SYSCALL,
    /** To the next entry of a system call, which is not made. */
    EMULATE,
    /** For one instruction. */
    STEP,
    /** For one instruction; a system call is not made. */
    EMULATE_STEP
  }

  private final Task tracer;
  private final TaskSet tasks;

  Tracing(Task tracer, TaskSet tasks) {
    this.tracer = tracer;
    this.tasks = tasks;
  }

  /**
   * Has the parent trace this task (PTRACE_TRACEME).
   *
   * @throws LinuxException EPERM if it is traced already or has no parent
   */
  public void traceMe() {
    tasks.lock();
    try {
      Task parent = tracer.threadGroup().parentLocked();
      if (tracer.trace.isTraced() || parent == null || parent.life.isExiting()) {
        throw LinuxException.of(Errno.EPERM);
      }
      tracer.trace.linkLocked(parent, false, 0);
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Traces a task, which stops by SIGSTOP (PTRACE_ATTACH).
   *
   * @throws LinuxException ESRCH, EPERM
   */
  public void attach(int tid) {
    link(tid, false, 0);
  }

  /**
   * Traces a task, which runs on (PTRACE_SEIZE).
   *
   * @param options {@code O_*} and {@code 1 << EVENT_*}
   * @throws LinuxException ESRCH, EPERM; EIO for unknown options
   */
  public void seize(int tid, long options) {
    if ((options & ~O_ALL) != 0) {
      throw LinuxException.of(Errno.EIO);
    }
    link(tid, true, (int) options);
  }

  private void link(int tid, boolean seizes, int options) {
    Task target = tracer.kernel().task(tid);
    if (target == null) {
      throw LinuxException.of(Errno.ESRCH);
    }
    if (target.threadGroup() == tracer.threadGroup()) {
      throw LinuxException.of(Errno.EPERM);
    }
    tracer.relations().checkMayAccess(target, false);
    tasks.lock();
    try {
      if (target.life.isDead() || target.trace.isTraced()) {
        throw LinuxException.of(Errno.EPERM);
      }
      target.trace.linkLocked(tracer, seizes, options);
      if (!seizes) {
        SignalSender.sendToTaskLocked(target, SignalInfo.kernel(Signals.SIGSTOP));
      }
      if (target.stops.isGroupStopped() && target.signals().addJobFlagsLocked(JobFlags.TRAP_STOP)) {
        // From the stop with its process into one for the tracer, so that wait sees it.
        target.signals().setInterrupted();
        target.stops.endGroupStopLocked();
      }
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Stops tracing; the tracee runs on (PTRACE_DETACH).
   *
   * @param signo a signal that it gets; 0 for none
   * @throws LinuxException ESRCH; EIO if {@code signo} is no signal
   */
  public void detach(int tid, int signo) {
    checkSignal(signo);
    tasks.lock();
    try {
      Task tracee = stoppedLocked(tid);
      tracee.trace.stopCode = signo;
      if (Relations.detachLocked(tracee, tracer)) {
        List<Task> released = new ArrayList<>();
        released.add(tracee);
        TaskExit.releaseAllLocked(released, tasks);
      }
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Lets a tracee run on (PTRACE_CONT, PTRACE_SYSCALL, PTRACE_SYSEMU, PTRACE_SINGLESTEP).
   *
   * @param signo the signal that it gets instead of the one it stopped for; 0 for none
   * @throws LinuxException ESRCH; EIO if {@code signo} is no signal
   */
  public void resume(int tid, Resume how, int signo) {
    checkSignal(signo);
    tasks.lock();
    try {
      Task tracee = stoppedLocked(tid);
      TraceState trace = tracee.trace;
      trace.stopsAtSyscalls = how == Resume.SYSCALL;
      trace.emulatesSyscalls = how == Resume.EMULATE || how == Resume.EMULATE_STEP;
      trace.singleStep = how == Resume.STEP || how == Resume.EMULATE_STEP;
      trace.stopCode = signo;
      tracee.stops.endTraceStopLocked();
    } finally {
      tasks.unlock();
    }
  }

  private static void checkSignal(int signo) {
    if (signo != 0 && !Signals.isValid(signo)) {
      throw LinuxException.of(Errno.EIO);
    }
  }

  /**
   * Kills a tracee, stopped or not (PTRACE_KILL).
   *
   * @throws LinuxException ESRCH
   */
  public void kill(int tid) {
    tasks.lock();
    try {
      Task tracee = traceeLocked(tid);
      if (!tracee.life.isDead()) {
        SignalSender.sendToTaskLocked(tracee, SignalInfo.kernel(Signals.SIGKILL));
      }
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Stops a seized tracee (PTRACE_INTERRUPT).
   *
   * @throws LinuxException ESRCH; EIO if it was attached, not seized
   */
  public void interrupt(int tid) {
    tasks.lock();
    try {
      Task tracee = seizedLocked(traceeLocked(tid));
      if (tracee.signals().addJobFlagsLocked(JobFlags.TRAP_STOP)) {
        boolean listening = (tracee.signals().jobFlags & JobFlags.LISTENING) != 0;
        tracee.life.wakeForTracerLocked(listening);
      }
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Leaves a seized tracee stopped with its process and waits for that to change (PTRACE_LISTEN).
   *
   * @throws LinuxException ESRCH; EIO if it did not stop with its process
   */
  public void listen(int tid) {
    tasks.lock();
    try {
      Task tracee = seizedLocked(stoppedLocked(tid));
      SignalInfo info = tracee.trace.lastInfo;
      if (info == null || info.code() >> 8 != EVENT_STOP) {
        throw LinuxException.of(Errno.EIO);
      }
      TaskSignals signals = tracee.signals();
      signals.jobFlags |= JobFlags.LISTENING;
      if ((signals.jobFlags & JobFlags.TRAP_NOTIFY) != 0) {
        tracee.life.wakeForTracerLocked(true);
      }
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Sets the options (PTRACE_SETOPTIONS).
   *
   * @throws LinuxException ESRCH; EINVAL for unknown ones
   */
  public void setOptions(int tid, long options) {
    if ((options & ~O_ALL) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    withStopped(tid, tracee -> tracee.trace.options = (int) options);
  }

  /** Returns the message of the event that the tracee stopped for (PTRACE_GETEVENTMSG). */
  public long eventMessage(int tid) {
    return fromStopped(tid, tracee -> tracee.trace.message);
  }

  /**
   * Returns the signal that the tracee stopped for (PTRACE_GETSIGINFO).
   *
   * @throws LinuxException ESRCH; EINVAL if it stopped with its process
   */
  public SignalInfo signalInfo(int tid) {
    return fromStopped(
        tid,
        tracee -> {
          SignalInfo info = tracee.trace.lastInfo;
          if (info == null) {
            throw LinuxException.of(Errno.EINVAL);
          }
          return info;
        });
  }

  /**
   * Replaces the signal that the tracee stopped for (PTRACE_SETSIGINFO).
   *
   * @throws LinuxException ESRCH; EINVAL if it stopped with its process
   */
  public void setSignalInfo(int tid, SignalInfo info) {
    withStopped(
        tid,
        tracee -> {
          if (tracee.trace.lastInfo == null) {
            throw LinuxException.of(Errno.EINVAL);
          }
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
  public List<SignalInfo> queuedSignals(int tid, boolean ofProcess) {
    return fromStopped(
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
  public long signalMask(int tid) {
    return fromStopped(tid, tracee -> tracee.signals().maskToRestore());
  }

  /** Sets the tracee's signal mask (PTRACE_SETSIGMASK). */
  public void setSignalMask(int tid, long mask) {
    withStopped(tid, tracee -> tracee.signals().setMaskLocked(SignalSet.blockable(mask)));
  }

  /**
   * Returns whether the tracee stopped at the entry (1) or exit (2) of a system call, or elsewhere
   * (0), for PTRACE_GET_SYSCALL_INFO.
   */
  public int syscallStop(int tid) {
    return fromStopped(
        tid,
        tracee -> {
          SignalInfo info = tracee.trace.lastInfo;
          boolean atSyscall =
              info != null
                  && (info.code() & 0x7f) == Signals.SIGTRAP
                  && info.code() >> 8 == 0
                  && info.code() != SignalInfo.SI_KERNEL
                  && info.payload() instanceof SignalPayload.Sender;
          return atSyscall ? (int) tracee.trace.message : 0;
        });
  }

  /** Copies the tracee's registers (PTRACE_GETREGS). */
  public void getRegisters(int tid, Registers target) {
    withStopped(tid, tracee -> target.copyFrom(tracee.registers()));
  }

  /**
   * Sets the tracee's registers (PTRACE_SETREGS); privileged bits of the flags stay.
   *
   * @throws LinuxException ESRCH; EIO if a segment base lies outside the program's addresses
   */
  public void setRegisters(int tid, Registers source) {
    long end = tracer.kernel().platform().maxAddress();
    withStopped(
        tid,
        tracee -> {
          for (int index = 0; index < Registers.WORD_COUNT; index++) {
            UserRegisters.put(tracee.registers(), index, source.get(index), end);
          }
        });
  }

  /**
   * Sets one of the tracee's registers (PTRACE_POKEUSER).
   *
   * @param index its position among {@link Registers}
   * @throws LinuxException as {@link #setRegisters}
   */
  public void setRegister(int tid, int index, long value) {
    long end = tracer.kernel().platform().maxAddress();
    withStopped(tid, tracee -> UserRegisters.put(tracee.registers(), index, value, end));
  }

  /**
   * Does something with the tracee's guest thread, on the tracee's own thread: its floating-point
   * state can't be reached from another (PTRACE_GETFPREGS, PTRACE_GETREGSET).
   *
   * @param action what to do; it must not block
   * @throws LinuxException ESRCH; what the action throws
   */
  public void withContext(int tid, Consumer<Context> action) {
    Task tracee = fromStopped(tid, Function.identity());
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
  public long peek(int tid, long addr, MemorySegment dst) {
    Task tracee = fromStopped(tid, Function.identity());
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
  public long poke(int tid, long addr, MemorySegment src) {
    Task tracee = fromStopped(tid, Function.identity());
    try (MemoryUse use = tracee.useMemory()) {
      return use.memory().copyOut(addr, src, 0, src.byteSize(), IOOpts.IGNORE_PERMISSIONS);
    } catch (LinuxException e) {
      throw asIo(e);
    }
  }

  private static LinuxException asIo(LinuxException e) {
    return e.errno() == Errno.EFAULT ? LinuxException.of(Errno.EIO) : e;
  }

  private void withStopped(int tid, Consumer<Task> action) {
    tasks.lock();
    try {
      action.accept(stoppedLocked(tid));
    } finally {
      tasks.unlock();
    }
  }

  private <T> T fromStopped(int tid, Function<Task, T> query) {
    tasks.lock();
    try {
      return query.apply(stoppedLocked(tid));
    } finally {
      tasks.unlock();
    }
  }

  private Task stoppedLocked(int tid) {
    Task tracee = traceeLocked(tid);
    boolean listening = (tracee.signals().jobFlags & JobFlags.LISTENING) != 0;
    if (!tracee.stops.isTraced() || listening) {
      throw LinuxException.of(Errno.ESRCH);
    }
    return tracee;
  }

  private Task traceeLocked(int tid) {
    Task tracee = tasks.get(tid);
    if (tracee == null || tracee.trace.tracer() != tracer) {
      throw LinuxException.of(Errno.ESRCH);
    }
    return tracee;
  }

  private static Task seizedLocked(Task tracee) {
    if (!tracee.trace.isSeized()) {
      throw LinuxException.of(Errno.EIO);
    }
    return tracee;
  }
}
