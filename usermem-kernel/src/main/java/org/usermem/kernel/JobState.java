package org.usermem.kernel;

/**
 * Where a process is between running, stopping and continuing: the job-control bits of {@code
 * struct signal_struct}. Guarded by the lock of the task set.
 */
final class JobState {

  /** Every task has stopped (SIGNAL_STOP_STOPPED). */
  boolean isStopped;

  /** Went on after a stop, and the parent has not waited for that (SIGNAL_STOP_CONTINUED). */
  boolean isContinued;

  /** The parent is to be told of a stop that did not become complete (SIGNAL_CLD_STOPPED). */
  boolean mustTellStopped;

  /** The parent is to be told that the process went on (SIGNAL_CLD_CONTINUED). */
  boolean mustTellContinued;

  /** Tasks that have still to stop (group_stop_count). */
  int tasksToStop;

  /** The signal that stops or stopped the process; 0 once the parent has waited for it. */
  int stopSignal;

  void setStopped() {
    isStopped = true;
    isContinued = false;
    mustTellStopped = false;
    mustTellContinued = false;
  }

  /** Follows SIGCONT's part of {@code prepare_signal}. */
  void setContinued() {
    if (!isStopped && tasksToStop == 0) {
      return;
    }
    mustTellContinued = isStopped;
    mustTellStopped = !isStopped;
    isStopped = false;
    isContinued = true;
    tasksToStop = 0;
    stopSignal = 0;
  }
}
