package org.usermem.platform.systrap;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.SystemCall;
import org.usermem.platform.stub.GuestThread;
import org.usermem.platform.stub.Signals;
import org.usermem.platform.stub.StubGoneException;
import org.usermem.platform.stub.StubLayout;
import org.usermem.platform.stub.StubProcess;
import org.usermem.platform.stub.TracedThread;

/**
 * A thread of a stub process that waits for the sentry in the handler.
 *
 * <p>Thread safety: for one Java thread at a time, except for {@link #interrupt} and {@link
 * #awaitStop}.
 */
final class SystrapThread implements GuestThread {

  private static final int SECCOMP_SET_MODE_FILTER = 1;
  private static final int SECCOMP_FLAG_SPEC_ALLOW = 4;
  private static final long START_PATIENCE = TimeUnit.SECONDS.toNanos(30);
  private static final long END_PATIENCE = TimeUnit.SECONDS.toNanos(2);
  private static final long POLL_NANOS = 20_000;

  private final SystrapAddressSpace addressSpace;
  private final Slot slot;
  private final ControlPage control;
  private final int processId;
  private final int threadId;
  private boolean used;

  private SystrapThread(
      SystrapAddressSpace addressSpace, Slot slot, ControlPage control, TracedThread traced) {
    this.addressSpace = addressSpace;
    this.slot = slot;
    this.control = control;
    processId = traced.processId();
    threadId = traced.threadId();
  }

  /**
   * Makes a thread; when the method returns it waits in the handler.
   *
   * @param addressSpace where
   * @param timeout how long a Java thread sleeps at a time
   * @throws LinuxException with EAGAIN or ENOMEM if the host has none left
   */
  static SystrapThread start(SystrapAddressSpace addressSpace, MemorySegment timeout) {
    try {
      return start(addressSpace, timeout, addressSpace.process().newThread());
    } catch (StubGoneException gone) {
      addressSpace.process().markDead();
      throw LinuxException.of(Errno.EAGAIN);
    }
  }

  private static SystrapThread start(
      SystrapAddressSpace addressSpace, MemorySegment timeout, TracedThread traced) {
    Slot slot;
    try {
      slot = addressSpace.acquireSlot(traced);
    } catch (LinuxException noMemory) {
      traced.close();
      throw noMemory;
    }
    ControlPage control = new ControlPage(slot.controlPage(), timeout);
    control.reset(slot.stackAddress(), Slot.STACK_BYTES);
    SystrapThread thread = new SystrapThread(addressSpace, slot, control, traced);
    try {
      prepare(traced, slot);
      traced.detach(StubLayout.startAddress());
      thread.awaitFirstStop();
      return thread;
    } catch (StubGoneException gone) {
      traced.close();
      thread.end();
      throw gone;
    }
  }

  private static void prepare(TracedThread traced, Slot slot) {
    // The host writes 0 there and wakes whoever waits, when the thread has ended.
    traced.inject(SystemCall.SET_TID_ADDRESS, slot.address(), 0, 0, 0, 0, 0);
    HostCalls.require(
        traced.inject(
            SystemCall.SIGALTSTACK,
            slot.address() + ControlPage.alternateStackOffset(),
            0,
            0,
            0,
            0,
            0),
        "setting the alternate stack of a guest thread");
    HostCalls.require(
        traced.inject(
            SystemCall.SECCOMP,
            SECCOMP_SET_MODE_FILTER,
            SECCOMP_FLAG_SPEC_ALLOW,
            StubLayout.guestProgramAddress(),
            0,
            0,
            0),
        "confining a guest thread");
  }

  private void awaitFirstStop() {
    long deadline = System.nanoTime() + START_PATIENCE;
    while (control.state() == ControlPage.RUNNING) {
      if (control.sleepWhile(ControlPage.RUNNING)
          && (!exists() || System.nanoTime() - deadline > 0)) {
        throw gone();
      }
    }
    if (control.state() != ControlPage.STOPPED) {
      throw gone();
    }
  }

  private static StubGoneException gone() {
    return new StubGoneException();
  }

  /** Measures the frames of this host; the thread has not run guest code. */
  FrameGeometry measure() {
    return FrameGeometry.measure(slot.memory(), slot.address(), control.ucontextAddress());
  }

  /** Returns the extended state of the thread, which has stopped. */
  byte[] extendedState(FrameGeometry geometry) {
    byte[] state = new byte[geometry.extendedStateByteCount()];
    new ExtendedState(slot.memory(), geometry).save(MemorySegment.ofArray(state));
    return state;
  }

  /** Says that the thread gets a context; returns whether it has had another one before. */
  boolean beginUse() {
    boolean again = used;
    used = true;
    return again;
  }

  /** Returns whether the thread seems to wait in the handler. */
  boolean seemsStopped() {
    return control.state() == ControlPage.STOPPED;
  }

  int processId() {
    return processId;
  }

  int threadId() {
    return threadId;
  }

  Slot slot() {
    return slot;
  }

  ControlPage control() {
    return control;
  }

  /** Sends the interrupt signal; the thread has not been ended. */
  void interrupt() {
    HostCalls.current().call(SystemCall.TGKILL, processId, threadId, Signals.INTERRUPT);
  }

  /** Returns whether the host still has the thread: only this can be believed. */
  boolean exists() {
    return HostCalls.current().call(SystemCall.TGKILL, processId, threadId, 0) == 0;
  }

  /** Ends the thread and gives back its slot. */
  void end() {
    StubProcess process = addressSpace.process();
    if (!process.isDead()) {
      control.handOver(ControlPage.EXITING);
      long deadline = System.nanoTime() + END_PATIENCE;
      while (exists()) {
        if (System.nanoTime() - deadline > 0) {
          // It does not do what it is told, so it is not to be trusted with a process.
          process.kill();
          break;
        }
        if (control.state() == ControlPage.EXITING) {
          control.sleepWhile(ControlPage.EXITING);
        } else {
          LockSupport.parkNanos(POLL_NANOS);
        }
      }
    }
    awaitEnd();
    addressSpace.releaseSlot(slot);
  }

  private void awaitEnd() {
    while (exists()) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  @Override
  public void awaitStop() {
    control.wake();
    awaitEnd();
  }
}
