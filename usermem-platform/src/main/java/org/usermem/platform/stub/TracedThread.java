package org.usermem.platform.stub;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.usermem.platform.Registers;
import org.usermem.platform.host.HostException;
import org.usermem.platform.host.SystemCall;

/**
 * A thread of a stub process that a Java thread traces.
 *
 * <p>Between calls the thread is stopped. What it runs is up to the caller: system calls of the
 * platform's, injected at the stub's code, or guest code.
 *
 * <p>Thread safety: confined to the Java thread that traces it, because ptrace(2) is.
 */
public final class TracedThread extends Tracee implements AutoCloseable {

  private static final int EVENT_FORK = 1;
  private static final long ALL_SIGNALS = -1;

  private final MemorySegment injected = allocate(Registers.BYTE_COUNT);
  private boolean disturbed;

  private TracedThread(int processId, int threadId) {
    super(processId, threadId);
  }

  /**
   * Starts to trace a thread that runs the stub's code, and stops it.
   *
   * @throws StubGoneException if it does not exist any more
   */
  static TracedThread seize(int processId, int threadId, int options) {
    TracedThread thread = new TracedThread(processId, threadId);
    thread.requestSeizure(options);
    thread.takeOver();
    return thread;
  }

  /** Takes over a process that a traced process made, and that the host traces already. */
  static TracedThread adopt(int processId) {
    TracedThread thread = new TracedThread(processId, processId);
    thread.takeOver();
    thread.setOptions(OPTIONS);
    return thread;
  }

  private void takeOver() {
    awaitStop();
    requireThere();
    getRegisters(injected);
  }

  /**
   * Makes the stopped thread execute one system call.
   *
   * @return its result, an errno with its sign changed if negative
   * @throws StubGoneException if the thread ends meanwhile
   */
  public long inject(long number, long a, long b, long c, long d, long e, long f) {
    return injectAt(StubLayout.CODE + StubLayout.INJECT_OFFSET, number, a, b, c, d, e, f);
  }

  /** As {@link #inject}, at an address that the code of {@code inject} or {@code clone} is at. */
  long injectAt(long site, long number, long a, long b, long c, long d, long e, long f) {
    setInjected(site, number, a, b, c, d, e, f);
    runInjected(Signals.SIGTRAP);
    return peek(Registers.RAX);
  }

  /**
   * Makes the thread execute munmap or mremap of the very page that it runs on.
   *
   * @return the result
   */
  long injectPullingTheRug(long site, long number, long a, long b, long c, long d, long e, long f) {
    setInjected(site, number, a, b, c, d, e, f);
    runInjected(Signals.SIGSEGV);
    return peek(Registers.RAX);
  }

  /**
   * Makes the thread map what a table in its memory says.
   *
   * @param tableEnd the address behind the last entry of {@link StubLayout#TABLE}
   * @return how many entries were mapped
   */
  int injectBatch(long tableEnd) {
    setInjected(StubLayout.CODE + StubLayout.BATCH_OFFSET, 0, 0, 0, 0, 0, 0, 0);
    injected.setAtIndex(ValueLayout.JAVA_LONG, Registers.R12, StubLayout.TABLE);
    injected.setAtIndex(ValueLayout.JAVA_LONG, Registers.R13, tableEnd);
    runInjected(Signals.SIGTRAP);
    return (int) ((peek(Registers.R12) - StubLayout.TABLE) / StubLayout.BATCH_ENTRY_BYTES);
  }

  /** Returns rax as the last injected call has left it. */
  long lastResult() {
    return peek(Registers.RAX);
  }

  /**
   * Makes the thread make a process that is a copy of its own.
   *
   * @return the process id, or an errno with its sign changed
   */
  int injectFork() {
    setInjected(
        StubLayout.CODE + StubLayout.CLONE_OFFSET,
        SystemCall.CLONE,
        StubProcess.PROCESS_FLAGS,
        0,
        0,
        0,
        0,
        0);
    writeInjected();
    resume(CONT);
    int event = awaitInjected();
    if (WaitStatus.event(event) != EVENT_FORK) {
      return (int) peek(Registers.RAX);
    }
    int child = (int) eventMessage();
    resume(CONT);
    awaitInjected();
    return child;
  }

  /** Ends the thread. */
  void exit() {
    if (!isGone()) {
      try {
        setInjected(StubLayout.CODE + StubLayout.INJECT_OFFSET, SystemCall.EXIT, 0, 0, 0, 0, 0, 0);
        writeInjected();
        resume(CONT);
        while (!isGone()) {
          awaitStop();
          if (!isGone()) {
            resume(CONT);
          }
        }
      } catch (StubGoneException killed) {
        markGone();
      }
    }
  }

  private void setInjected(long site, long number, long a, long b, long c, long d, long e, long f) {
    injected.setAtIndex(ValueLayout.JAVA_LONG, Registers.RIP, site);
    injected.setAtIndex(ValueLayout.JAVA_LONG, Registers.RAX, number);
    injected.setAtIndex(ValueLayout.JAVA_LONG, Registers.ORIG_RAX, -1);
    injected.setAtIndex(ValueLayout.JAVA_LONG, Registers.RDI, a);
    injected.setAtIndex(ValueLayout.JAVA_LONG, Registers.RSI, b);
    injected.setAtIndex(ValueLayout.JAVA_LONG, Registers.RDX, c);
    injected.setAtIndex(ValueLayout.JAVA_LONG, Registers.R10, d);
    injected.setAtIndex(ValueLayout.JAVA_LONG, Registers.R8, e);
    injected.setAtIndex(ValueLayout.JAVA_LONG, Registers.R9, f);
  }

  private void writeInjected() {
    disturbed = true;
    setRegisters(injected);
  }

  private void runInjected(int expectedSignal) {
    writeInjected();
    resume(CONT);
    int value = awaitInjected();
    if (WaitStatus.event(value) != 0 || WaitStatus.signal(value) != expectedSignal) {
      throw new HostException(
          "an injected call stopped with status 0x" + Integer.toHexString(value));
    }
  }

  /** Waits for the end of an injected call, past stops that have nothing to do with it. */
  private int awaitInjected() {
    while (true) {
      int value = awaitStop();
      requireThere();
      int stopSignal = WaitStatus.signal(value);
      boolean foreign =
          WaitStatus.event(value) == WaitStatus.EVENT_STOP
              || (stopSignal != Signals.SIGTRAP
                  && stopSignal != Signals.SIGSEGV
                  && stopSignal != Signals.SIGSYS);
      if (!foreign) {
        return value;
      }
      resume(CONT);
    }
  }

  /**
   * Lets the thread run from an address, untraced, and gives back the memory of this object.
   *
   * @throws StubGoneException if it has ended
   */
  public void detach(long address) {
    setInjected(address, 0, 0, 0, 0, 0, 0, 0);
    writeInjected();
    requestDetachment();
    release();
  }

  /**
   * Lets the thread wait, untraced, for somebody to {@link #seize} it again, and gives back the
   * memory of this object. No signal that others send finds it: it has no stack.
   *
   * @throws StubGoneException if it has ended
   */
  void park() {
    setSignalMask(ALL_SIGNALS);
    detach(StubLayout.CODE + StubLayout.PARK_OFFSET);
  }

  private void requireThere() {
    if (isGone()) {
      throw new StubGoneException(threadId());
    }
  }

  @Override
  public void writeRegisters(Registers source) {
    super.writeRegisters(source);
    disturbed = false;
  }

  /** Returns whether an injected call has changed the registers since they were last set. */
  public boolean isDisturbed() {
    return disturbed;
  }

  /** Ends the thread, if it has not ended, and gives back the memory of this object. */
  @Override
  public void close() {
    if (hasMemory()) {
      exit();
      release();
    }
  }
}
