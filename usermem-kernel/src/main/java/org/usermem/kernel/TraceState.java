package org.usermem.kernel;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.usermem.kernel.signal.SignalInfo;

/**
 * Who traces a task and how, and whom the task traces: the ptrace fields of {@code struct
 * task_struct}. Guarded by the lock of the task set; what the task's own thread asks on every
 * system call is volatile.
 */
final class TraceState {

  private final Task task;
  private volatile @Nullable Task tracer;
  private boolean seized;

  /** PTRACE_O_* that the tracer set. */
  volatile int options;

  /** The tracer wants a stop at the entry and exit of system calls. */
  volatile boolean stopsAtSyscalls;

  /** The tracer replaces system calls (PTRACE_SYSEMU): a stop at the entry, and no call. */
  volatile boolean emulatesSyscalls;

  /** The task runs one instruction at a time. */
  volatile boolean singleStep;

  final DebugRegisters debug = new DebugRegisters();

  /** What wait reports of the stop, and what the tracer wants instead; 0 once it was reported. */
  int stopCode;

  /** PTRACE_GETEVENTMSG. */
  long message;

  /** The signal that the stop is about; null for a stop with the group. */
  @Nullable SignalInfo lastInfo;

  /** The signal that goes on to its action after the stop; the tracer may replace it. */
  @Nullable SignalInfo injectedInfo;

  /** Tasks that this one traces. */
  private final Set<Task> tracees = new LinkedHashSet<>();

  TraceState(Task task) {
    this.task = task;
  }

  boolean isTraced() {
    return tracer != null;
  }

  boolean isSeized() {
    return seized;
  }

  @Nullable Task tracer() {
    return tracer;
  }

  /**
   * Returns whether somebody outside the parent's process traces the task ({@code
   * ptrace_reparented}).
   */
  boolean isTracedByStrangerLocked() {
    Task parent = task.threadGroup().parentLocked();
    Task by = tracer;
    return by != null && (parent == null || parent.threadGroup() != by.threadGroup());
  }

  void linkLocked(Task newTracer, boolean seizes, int newOptions) {
    tracer = newTracer;
    seized = seizes;
    options = newOptions;
    newTracer.trace.tracees.add(task);
  }

  void unlinkLocked() {
    Task by = tracer;
    if (by != null) {
      by.trace.tracees.remove(task);
    }
    tracer = null;
    seized = false;
    options = 0;
    stopsAtSyscalls = false;
    emulatesSyscalls = false;
    singleStep = false;
    debug.clear();
  }

  Set<Task> traceesLocked() {
    return Set.copyOf(tracees);
  }

  boolean hasTraceesLocked() {
    return !tracees.isEmpty();
  }

  boolean has(int option) {
    return (options & option) != 0;
  }
}
