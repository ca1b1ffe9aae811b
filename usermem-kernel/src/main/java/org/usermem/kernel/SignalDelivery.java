package org.usermem.kernel;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.signal.AlternateStack;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;
import org.usermem.platform.Registers;

/**
 * What a task does about its signals before it runs on: {@code get_signal} of Linux's
 * kernel/signal.c and {@code arch_do_signal_or_restart} of arch/x86/kernel/signal.c. Runs on the
 * task's own thread.
 */
final class SignalDelivery {

  private record Delivered(SignalInfo info, SignalAction action) {}

  private static final int RESTART_INSTRUCTION_LENGTH = 2;

  private final Task task;
  private final TaskSet tasks;
  private final TraceStops traceStops;

  SignalDelivery(Task task, TaskSet tasks, TraceStops traceStops) {
    this.task = task;
    this.tasks = tasks;
    this.traceStops = traceStops;
  }

  /**
   * Delivers the next signal: stops, enters a handler, or decides that the task ends. Without a
   * signal a call that was interrupted starts over.
   */
  void deliver() {
    Delivered delivered = next();
    if (task.life.isEnding()) {
      return;
    }
    Registers registers = task.registers();
    if (delivered != null && delivered.action.isDefault()) {
      endWithDump(delivered.info);
      return;
    }
    if (delivered != null) {
      restartBeforeHandler(registers, delivered.action);
      enterHandler(delivered);
      return;
    }
    restart(registers);
    task.signals().restoreMaskUnless(false);
  }

  /** Returns the next signal that has a handler or leaves a dump; null if there is none. */
  private @Nullable Delivered next() {
    while (true) {
      boolean stops;
      tasks.lock();
      try {
        JobControl.tellPendingLocked(task);
        ThreadGroup group = task.threadGroup();
        if (group.isExiting || (group.execTask != null && group.execTask != task)) {
          endLocked();
          return null;
        }
        TaskSignals signals = task.signals();
        stops = (signals.jobFlags & JobFlags.STOP_PENDING) != 0 && JobControl.stopLocked(task, 0);
        if (!stops && (signals.jobFlags & JobFlags.TRAP_MASK) != 0) {
          traceStops.jobTrapLocked();
          continue;
        }
        if (!stops) {
          SignalInfo info = signals.dequeueLocked(signals.mask());
          if (info == null) {
            return null;
          }
          info = traceStops.filterLocked(info);
          if (info == null) {
            continue;
          }
          Delivered delivered = actLocked(info);
          if (delivered != null || task.life.isEnding()) {
            return delivered;
          }
          stops = task.stops.isGroupStopped();
        }
      } finally {
        tasks.unlock();
      }
      if (stops) {
        task.stops.await();
      }
    }
  }

  /** Does what the action says; returns the signal if it enters a handler or leaves a dump. */
  private @Nullable Delivered actLocked(SignalInfo info) {
    int signo = info.signo();
    SignalAction action = task.parts.actions().get(signo);
    if (action.isIgnore()) {
      return null;
    }
    if (!action.isDefault()) {
      if (action.has(SignalAction.SA_RESETHAND)) {
        task.parts
            .actions()
            .set(
                signo,
                new SignalAction(
                    SignalAction.SIG_DFL, action.flags(), action.restorer(), action.mask()));
      }
      return new Delivered(info, action);
    }
    ThreadGroup group = task.threadGroup();
    if (group.isUnkillable && !SignalSet.contains(SignalSet.UNBLOCKABLE, signo)) {
      return null;
    }
    switch (Signals.defaultAction(signo)) {
      case IGNORE, CONTINUE -> {}
      case STOP -> {
        if (signo == Signals.SIGSTOP || !group.processGroup().isOrphanedLocked(null)) {
          JobControl.stopLocked(task, signo);
        }
      }
      case TERMINATE, CORE -> {
        boolean isFirst = !group.isExiting;
        if (isFirst) {
          SignalSender.killGroupLocked(group, WaitStatus.killed(signo, false));
        }
        if (isFirst && Signals.defaultAction(signo) == Signals.DefaultAction.CORE) {
          // Files are written without the lock.
          group.coreState = CoreState.ofLocked(task);
          return new Delivered(info, action);
        }
        endLocked();
      }
    }
    return null;
  }

  /** Follows {@code do_coredump}: the others wait in their exit, this task follows the dump. */
  private void endWithDump(SignalInfo info) {
    CoreState state = Objects.requireNonNull(task.threadGroup().coreState);
    boolean dumped;
    try {
      dumped = task.kernel().architecture().dumpCore(task, info, state);
    } finally {
      state.end();
    }
    tasks.lock();
    try {
      if (dumped) {
        task.threadGroup().exitStatus = WaitStatus.killed(info.signo(), true);
      }
      endLocked();
    } finally {
      tasks.unlock();
    }
  }

  private void endLocked() {
    ThreadGroup group = task.threadGroup();
    // SIGKILL has done its work: a tracer may want to see the end (PTRACE_EVENT_EXIT).
    task.signals().pending.discard(SignalSet.bit(Signals.SIGKILL));
    task.life.endWith(group.isExiting ? group.exitStatus : 0);
  }

  /** Follows {@code handle_signal}: how the interrupted call ends when a handler runs. */
  private void restartBeforeHandler(Registers registers, SignalAction action) {
    if (registers.origRax() == -1 || !SyscallRestart.isRestart(registers.rax())) {
      return;
    }
    int number = (int) -registers.rax();
    boolean restarts =
        number == SyscallRestart.ALWAYS.number()
            || (number == SyscallRestart.IF_HANDLER_ALLOWS.number()
                && action.has(SignalAction.SA_RESTART));
    if (restarts) {
      repeat(registers, registers.origRax());
    } else {
      registers.setRax(-Errno.EINTR.number());
    }
  }

  /** Follows the end of {@code arch_do_signal_or_restart}: no handler runs. */
  private void restart(Registers registers) {
    if (registers.origRax() == -1 || !SyscallRestart.isRestart(registers.rax())) {
      return;
    }
    boolean byBlock = -registers.rax() == SyscallRestart.BY_BLOCK.number();
    repeat(
        registers,
        byBlock ? task.kernel().architecture().restartSyscallNumber() : registers.origRax());
  }

  private static void repeat(Registers registers, long number) {
    registers.setRax(number);
    registers.setRip(registers.rip() - RESTART_INSTRUCTION_LENGTH);
  }

  private void enterHandler(Delivered delivered) {
    SignalInfo info = delivered.info;
    SignalAction action = delivered.action;
    boolean steps = task.trace.singleStep;
    try {
      task.kernel().architecture().enterHandler(task, info, action);
    } catch (LinuxException e) {
      forceSegv(info.signo());
      return;
    }
    TaskSignals signals = task.signals();
    signals.forgetSavedMask();
    long mask = signals.mask() | action.mask();
    if (!action.has(SignalAction.SA_NODEFER)) {
      mask |= SignalSet.bit(info.signo());
    }
    signals.setMask(mask);
    if ((signals.alternateStack().flags() & AlternateStack.SS_AUTODISARM) != 0) {
      signals.setAlternateStack(AlternateStack.NONE);
    }
    if (steps) {
      traceStops.handlerEntered();
    }
  }

  /** Follows {@code force_sigsegv}: a handler of SIGSEGV that can't be entered is no help. */
  private void forceSegv(int signo) {
    tasks.lock();
    try {
      if (signo == Signals.SIGSEGV) {
        task.parts.actions().set(signo, SignalAction.DEFAULT);
      }
      SignalSender.forceLocked(task, SignalInfo.kernel(Signals.SIGSEGV));
    } finally {
      tasks.unlock();
    }
  }
}
