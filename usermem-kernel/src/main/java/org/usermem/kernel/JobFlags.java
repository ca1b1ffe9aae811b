package org.usermem.kernel;

/** Bits of a task's own job-control state: {@code JOBCTL_*} of include/linux/sched/jobctl.h. */
final class JobFlags {

  /** Signal of the stop that is pending. */
  static final int STOP_SIGNAL_MASK = 0xffff;

  /** A stop signal was taken and has not been undone by SIGCONT since. */
  static final int STOP_DEQUEUED = 1 << 16;

  /** The task has to stop with its process. */
  static final int STOP_PENDING = 1 << 17;

  /** The task counts among those that have still to stop. */
  static final int STOP_CONSUME = 1 << 18;

  /** The task has to trap for its tracer. */
  static final int TRAP_STOP = 1 << 19;

  /** The tracer has to learn of a change of the stop. */
  static final int TRAP_NOTIFY = 1 << 20;

  /** The tracer listens: the task is stopped, and the tracer waits for a change. */
  static final int LISTENING = 1 << 22;

  static final int TRAP_MASK = TRAP_STOP | TRAP_NOTIFY;

  static final int PENDING_MASK = STOP_PENDING | TRAP_MASK;

  private JobFlags() {}
}
