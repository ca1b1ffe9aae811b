package org.usermem.kernel;

import java.util.BitSet;

/**
 * How a task asked to be scheduled (sched(7)). Kept and reported; the host schedules.
 *
 * @param policy {@code SCHED_*}
 * @param priority static priority
 * @param nice -20 to 19
 * @param ioPriority as ioprio_set(2) has it
 * @param timerSlackNanos as prctl(2) has it
 * @param defaultSlackNanos what prctl(2) restores: the slack of who made the task
 */
public record SchedulingAttributes(
    int policy,
    int priority,
    int nice,
    int ioPriority,
    long timerSlackNanos,
    long defaultSlackNanos) {

  /** With a policy: children start without real time and without a negative nice value. */
  public static final int RESET_ON_FORK = 0x4000_0000;

  private static final int OTHER = 0;
  private static final int FIRST_IN_FIRST_OUT = 1;
  private static final int ROUND_ROBIN = 2;
  private static final int LEAST_NICE = -20;
  private static final int MOST_NICE = 19;

  /** What a program starts with. */
  public static final SchedulingAttributes DEFAULT =
      new SchedulingAttributes(0, 0, 0, 0, 50_000, 50_000);

  /**
   * Returns the set of all processors.
   *
   * @param count how many there are
   * @return the set
   */
  public static BitSet allProcessors(int count) {
    BitSet all = new BitSet(count);
    all.set(0, count);
    return all;
  }

  /**
   * Returns the attributes with another policy.
   *
   * @param newPolicy {@code SCHED_*}
   * @param newPriority static priority
   * @return the attributes
   */
  public SchedulingAttributes withPolicy(int newPolicy, int newPriority) {
    return new SchedulingAttributes(
        newPolicy, newPriority, nice, ioPriority, timerSlackNanos, defaultSlackNanos);
  }

  /**
   * Returns the attributes with another nice value.
   *
   * @param value what was asked for; beyond -20 and 19 it is one of these
   * @return the attributes
   */
  public SchedulingAttributes withNice(int value) {
    int nearest = Math.clamp(value, LEAST_NICE, MOST_NICE);
    return new SchedulingAttributes(
        policy, priority, nearest, ioPriority, timerSlackNanos, defaultSlackNanos);
  }

  /**
   * Returns the attributes with another I/O priority.
   *
   * @param value class and level
   * @return the attributes
   */
  public SchedulingAttributes withIoPriority(int value) {
    return new SchedulingAttributes(
        policy, priority, nice, value, timerSlackNanos, defaultSlackNanos);
  }

  /**
   * Returns the attributes with another timer slack.
   *
   * @param asked the slack; 0 or less for the default
   * @return the attributes
   */
  public SchedulingAttributes withTimerSlack(long asked) {
    long nanos = asked <= 0 ? defaultSlackNanos : asked;
    return new SchedulingAttributes(policy, priority, nice, ioPriority, nanos, defaultSlackNanos);
  }

  /** Returns what a child starts with. Linux: {@code sched_fork}. */
  SchedulingAttributes forChild() {
    if ((policy & RESET_ON_FORK) == 0) {
      return defaultSlackNanos == timerSlackNanos ? this : withDefaultSlack();
    }
    int plain = policy & ~RESET_ON_FORK;
    boolean isRealTime = plain == FIRST_IN_FIRST_OUT || plain == ROUND_ROBIN;
    return withPolicy(isRealTime ? OTHER : plain, 0).withNice(Math.max(nice, 0)).withDefaultSlack();
  }

  private SchedulingAttributes withDefaultSlack() {
    return new SchedulingAttributes(
        policy, priority, nice, ioPriority, timerSlackNanos, timerSlackNanos);
  }
}
