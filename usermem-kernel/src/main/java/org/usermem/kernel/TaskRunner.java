package org.usermem.kernel;

import java.lang.foreign.MemorySegment;
import jdk.jfr.Event;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.event.SyscallSampler;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;
import org.usermem.mm.FaultOutcome;
import org.usermem.mm.MemoryManager;
import org.usermem.platform.Context;
import org.usermem.platform.Registers;
import org.usermem.platform.StopReason;

/**
 * What a task's thread does from its first instruction to its end: run the program until it needs
 * the kernel, serve what it needs, look for signals, run on.
 */
final class TaskRunner implements Runnable {

  private static final System.Logger LOG = System.getLogger(TaskRunner.class.getName());

  private final Task task;
  private final TaskSet tasks;
  private final TraceStops traceStops;
  private final SignalDelivery delivery;
  private final SyscallArguments arguments;
  private final SyscallSampler calls;
  private volatile @Nullable Thread thread;
  private @Nullable Context context;
  private @Nullable MemoryManager contextMemory;
  private byte @Nullable [] inheritedFloatingPoint;
  private boolean steps;

  /**
   * The context that may be in the program now. Written before the task looks for signals a last
   * time, read by whoever sends one after announcing it, both volatile: one of the two sees the
   * other, so no signal waits for the program to stop by itself.
   */
  private volatile @Nullable Context running;

  TaskRunner(Task task, TaskSet tasks) {
    this.task = task;
    this.tasks = tasks;
    this.traceStops = new TraceStops(task, tasks);
    this.delivery = new SignalDelivery(task, tasks, traceStops);
    this.arguments = new SyscallArguments(task.registers());
    this.calls = new SyscallSampler();
  }

  @Nullable Thread thread() {
    return thread;
  }

  TraceStops traceStops() {
    return traceStops;
  }

  /** Starts the thread. The task is in the task set already. */
  void start(String name) {
    Thread started = new TaskThread(task, this, name);
    thread = started;
    task.kernel().threads().add(started);
    boolean running = false;
    try {
      started.start();
      running = true;
    } finally {
      if (!running) {
        task.kernel().threads().remove(started);
      }
    }
  }

  /** Has the child start with its parent's floating-point state. */
  void inheritFloatingPoint(byte[] state) {
    inheritedFloatingPoint = state;
  }

  /** Makes the program stop, if it runs; from any thread. */
  void interrupt() {
    Context current = running;
    if (current != null) {
      current.interrupt();
    }
  }

  /** Returns the platform's guest thread; only for the task's own thread. */
  Context context() {
    Context current = context;
    if (current == null || contextMemory != task.parts.memory()) {
      current = openContext();
    }
    return current;
  }

  /** Returns the guest thread, or null if the task has none (yet). */
  @Nullable Context contextIfOpen() {
    return context;
  }

  @Override
  public void run() {
    task.life.clock.start();
    try {
      task.life.born();
      loop();
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "task " + task.tid() + " failed in the sentry", e);
      killGroup();
    } finally {
      try {
        new TaskExit(task, tasks, this).run();
      } finally {
        closeContext();
        task.life.clock.stop();
        task.kernel().threads().remove(Thread.currentThread());
      }
    }
  }

  private void loop() {
    while (true) {
      if (task.life.mustDeliver()) {
        task.life.deliveryDone();
        delivery.deliver();
      }
      if (task.life.isEnding()) {
        return;
      }
      if (!task.life.mustDeliver()) {
        runProgram();
      }
    }
  }

  private void runProgram() {
    Context guest;
    try {
      guest = context();
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOMEM) {
        OutOfMemory.makeRoom(task, tasks);
      } else {
        LOG.log(
            System.Logger.Level.WARNING,
            "killed process " + task.processId() + ", which gets no thread of the host: " + e);
        killGroup();
      }
      return;
    }
    StopReason reason = runGuest(guest);
    switch (reason) {
      case SYSCALL -> syscall();
      case FAULT -> fault(guest);
      case SIGNAL ->
          force(SignalInfo.fault(guest.signalNumber(), guest.signalCode(), guest.faultAddress()));
      case STEP -> stepped();
      case INTERRUPTED -> task.life.clock.countInterruption();
      case DEAD -> {
        LOG.log(System.Logger.Level.ERROR, "task " + task.tid() + ": its guest thread died");
        killGroup();
      }
    }
  }

  private StopReason runGuest(Context guest) {
    running = guest;
    if (task.life.mustDeliver()) {
      running = null;
      return StopReason.INTERRUPTED;
    }
    boolean watches = task.trace.debug.isActive();
    if (watches) {
      task.trace.debug.arm(task.memoryManager());
    }
    if (steps != (watches || task.trace.singleStep)) {
      steps = !steps;
      guest.setSingleStep(steps);
    }
    task.life.clock.enterProgram();
    StopReason reason = guest.run(task.registers());
    running = null;
    task.life.clock.leaveProgram();
    return reason;
  }

  private void stepped() {
    TraceState trace = task.trace;
    long instruction = task.registers().rip();
    boolean isHit = trace.debug.check(task.memoryManager(), instruction, trace.singleStep);
    if (isHit) {
      force(SignalInfo.fault(Signals.SIGTRAP, SignalInfo.TRAP_HWBKPT, instruction));
    } else if (trace.singleStep) {
      force(SignalInfo.fault(Signals.SIGTRAP, SignalInfo.TRAP_TRACE, instruction));
    }
  }

  private void syscall() {
    Registers registers = task.registers();
    TraceState trace = task.trace;
    if (trace.stopsAtSyscalls || trace.emulatesSyscalls) {
      if (!enterTraced(registers, trace.emulatesSyscalls)) {
        return;
      }
    }
    int number = (int) registers.origRax();
    Event event = calls.begin();
    long result = invoke(number);
    if (event != null) {
      calls.end(event, task.processId(), task.tid(), number, result);
    }
    registers.setRax(result);
    if (SyscallRestart.isRestart(result)) {
      task.life.requestDelivery();
    }
    if (task.life.isEnding()) {
      // exit(2) does not return.
      return;
    }
    if (trace.stopsAtSyscalls) {
      traceStops.syscall(false);
    }
    if (trace.singleStep && trace.isTraced()) {
      // user_single_step_report: not the trap flag's trap, which no instruction has raised.
      force(SignalInfo.fault(Signals.SIGTRAP, SignalInfo.TRAP_BRKPT, registers.rip()));
    }
  }

  /** Stops at the entry; returns whether the call is to be made. */
  private boolean enterTraced(Registers registers, boolean emulates) {
    registers.setRax(-Errno.ENOSYS.number());
    traceStops.syscall(true);
    if (emulates || task.isKilled()) {
      return false;
    }
    if (registers.origRax() != -1) {
      return true;
    }
    if (task.trace.stopsAtSyscalls) {
      traceStops.syscall(false);
    }
    return false;
  }

  /** Makes a system call on behalf of the task and returns its raw result. */
  long invoke(int number) {
    try {
      return task.kernel().syscalls().invoke(task, number, arguments);
    } catch (LinuxException e) {
      return -e.errno().number();
    } catch (SyscallRestart e) {
      return -e.number();
    } catch (StackOverflowError | OutOfMemoryError e) {
      LOG.log(System.Logger.Level.ERROR, "system call " + number + " ran out of memory", e);
      return -Errno.ENOMEM.number();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "system call " + number + " failed in the sentry", e);
      return -Errno.EIO.number();
    }
  }

  private void fault(Context guest) {
    MemoryManager memory = task.memoryManager();
    long addr = guest.faultAddress();
    FaultOutcome outcome;
    try {
      outcome = memory.handleFault(addr, guest.faultAccess(), task.registers().rsp());
    } catch (LinuxException e) {
      outcome = FaultOutcome.BUS;
    }
    switch (outcome) {
      case HANDLED -> task.parts.accounting().countMinorFault();
      case MAPERR -> force(SignalInfo.fault(Signals.SIGSEGV, SignalInfo.SEGV_MAPERR, addr));
      case ACCERR -> force(SignalInfo.fault(Signals.SIGSEGV, SignalInfo.SEGV_ACCERR, addr));
      case BUS -> force(SignalInfo.fault(Signals.SIGBUS, SignalInfo.BUS_ADRERR, addr));
      // The program runs into the same fault again, if it is to run on.
      case OUT_OF_MEMORY -> OutOfMemory.makeRoom(task, tasks);
    }
  }

  private void force(SignalInfo info) {
    tasks.lock();
    try {
      SignalSender.forceLocked(task, info);
    } finally {
      tasks.unlock();
    }
  }

  private void killGroup() {
    tasks.lock();
    try {
      ThreadGroup group = task.threadGroup();
      if (!group.isExiting) {
        SignalSender.killGroupLocked(group, WaitStatus.killed(Signals.SIGKILL, false));
      }
      task.life.endWith(group.exitStatus);
    } finally {
      tasks.unlock();
    }
  }

  private Context openContext() {
    closeContext();
    MemoryManager memory = task.memoryManager();
    Context opened = memory.addressSpace().newContext();
    context = opened;
    contextMemory = memory;
    memory.guestBegins();
    byte[] state = inheritedFloatingPoint;
    inheritedFloatingPoint = null;
    if (state != null) {
      opened.loadFloatingPoint(MemorySegment.ofArray(state));
    }
    steps = false;
    return opened;
  }

  private void closeContext() {
    Context current = context;
    context = null;
    contextMemory = null;
    if (current != null) {
      current.close();
    }
  }

  /** Gives up the guest thread, before its address space goes. */
  void leaveMemory() {
    running = null;
    closeContext();
  }
}
