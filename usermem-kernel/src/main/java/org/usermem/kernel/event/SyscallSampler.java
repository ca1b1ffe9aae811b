package org.usermem.kernel.event;

import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Tells of the system calls of one task: of each of the first, then of one in several, which stands
 * for those before it too. Only for the task's own thread.
 */
public final class SyscallSampler {

  private static final int MOST_CALLS = 64;

  private int mostCalls = 1;
  private int calls;

  /** Creates a sampler that has seen nothing. */
  public SyscallSampler() {}

  /** Counts a call that begins; returns the event that {@link #end} is to be given, if any. */
  public @Nullable Event begin() {
    return FlightRecorder.isInitialized() && SyscallEvent.PROBE.isEnabled() && ++calls >= mostCalls
        ? beginSlow()
        : null;
  }

  private Event beginSlow() {
    Event event = SyscallEvent.begun(calls);
    calls = 0;
    mostCalls = Math.min(MOST_CALLS, mostCalls * 2);
    return event;
  }

  /**
   * Tells of a call that has ended.
   *
   * @param begun what {@link #begin} returned
   * @param process the id of the process
   * @param task the id of the task
   * @param number the call's number
   * @param result its raw result
   */
  public void end(Event begun, int process, int task, int number, long result) {
    SyscallEvent event = (SyscallEvent) begun;
    event.process = process;
    event.task = task;
    event.number = number;
    event.result = result;
    event.commit();
  }
}
