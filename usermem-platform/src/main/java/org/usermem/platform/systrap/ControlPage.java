package org.usermem.platform.systrap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.usermem.errno.Errno;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.SystemCall;

/**
 * The page through which the sentry and a guest thread hand over to each other; the other side is
 * the handler in {@code stub.S}, which has the same offsets.
 *
 * <p>Handing over is a store to the state and then a look at whether the other side sleeps; going
 * to sleep is a store that says so and then a look at the state. Volatile accesses here, xchg
 * there, so at least one side sees the other.
 *
 * <p>The guest can write to the page. Nothing that is read here decides more than whether the
 * thread seems to have stopped.
 */
final class ControlPage {

  /** The thread has ended: the host writes this as its clear_child_tid. */
  static final int DEAD = 0;

  /** The thread waits in the handler. */
  static final int STOPPED = 1;

  /** The thread is to run guest code. */
  static final int RUNNING = 2;

  /** The thread is to end. */
  static final int EXITING = 3;

  private static final long STATE = 0;
  private static final long SENTRY_SLEEPS = 64;
  private static final long FS_TO = 72;
  private static final long GS_TO = 80;
  private static final long STUB_SLEEPS = 128;
  private static final long SIGNAL = 132;
  private static final long UCONTEXT = 136;
  private static final long FS_FROM = 144;
  private static final long GS_FROM = 152;
  private static final long ALTERNATE_STACK = 256;

  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
  private static final int FUTEX_WAIT = 0;
  private static final int FUTEX_WAKE = 1;

  private final MemorySegment page;
  private final MemorySegment timeout;
  private final HostCalls host = HostCalls.current();

  /**
   * Makes a view of a page.
   *
   * @param page the page
   * @param timeout a struct timespec that outlives this object
   */
  ControlPage(MemorySegment page, MemorySegment timeout) {
    this.page = page;
    this.timeout = timeout;
  }

  int state() {
    return (int) INT.getVolatile(page, STATE);
  }

  /**
   * Hands over to the thread.
   *
   * @param state RUNNING or EXITING
   */
  void handOver(int state) {
    INT.setVolatile(page, STATE, state);
    if ((int) INT.getVolatile(page, STUB_SLEEPS) != 0) {
      wake();
    }
  }

  /** Wakes whoever waits for the state; good for any thread. */
  void wake() {
    HostCalls.current().quick(SystemCall.FUTEX, page.address() + STATE, FUTEX_WAKE, 1);
  }

  /**
   * Sleeps until the state is no longer what it was, or the time is over.
   *
   * @param state RUNNING or EXITING
   * @return whether the time is over
   */
  boolean sleepWhile(int state) {
    return sleepWhile(state, timeout);
  }

  /** As {@link #sleepWhile(int)}, with a struct timespec that says how long. */
  boolean sleepWhile(int state, MemorySegment timeout) {
    INT.setVolatile(page, SENTRY_SLEEPS, 1);
    long result = 0;
    if (state() == state) {
      result =
          host.call(SystemCall.FUTEX, page.address() + STATE, FUTEX_WAIT, state, timeout.address());
    }
    INT.setVolatile(page, SENTRY_SLEEPS, 0);
    return result == -Errno.ETIMEDOUT.number();
  }

  /** Prepares the page for a new thread. */
  void reset(long stackAddress, long stackByteCount) {
    page.fill((byte) 0);
    page.set(ValueLayout.JAVA_INT, STATE, RUNNING);
    page.set(ValueLayout.JAVA_LONG, ALTERNATE_STACK, stackAddress);
    page.set(ValueLayout.JAVA_INT, ALTERNATE_STACK + 8, SS_AUTODISARM);
    page.set(ValueLayout.JAVA_LONG, ALTERNATE_STACK + 16, stackByteCount);
  }

  // With it a signal goes to the top of the stack even if the guest's stack pointer is within.
  private static final int SS_AUTODISARM = 1 << 31;

  /** Returns the offset in the page of a {@code stack_t} with the stack it was reset with. */
  static long alternateStackOffset() {
    return ALTERNATE_STACK;
  }

  int signal() {
    return page.get(ValueLayout.JAVA_INT, SIGNAL);
  }

  long ucontextAddress() {
    return page.get(ValueLayout.JAVA_LONG, UCONTEXT);
  }

  long fsBase() {
    return page.get(ValueLayout.JAVA_LONG, FS_FROM);
  }

  long gsBase() {
    return page.get(ValueLayout.JAVA_LONG, GS_FROM);
  }

  void setBases(long fsBase, long gsBase) {
    page.set(ValueLayout.JAVA_LONG, FS_TO, fsBase);
    page.set(ValueLayout.JAVA_LONG, GS_TO, gsBase);
  }
}
