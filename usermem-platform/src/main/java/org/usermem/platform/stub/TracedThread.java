package org.usermem.platform.stub;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.usermem.errno.Errno;
import org.usermem.platform.Registers;
import org.usermem.platform.host.HostCalls;
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
public final class TracedThread implements AutoCloseable {

  /** ptrace(2) request: run until the next signal. */
  public static final int CONT = 7;

  /** ptrace(2) request: run until the next signal or system call, which is not executed. */
  public static final int SYSEMU = 31;

  /** ptrace(2) request: run one instruction; a system call is not executed. */
  public static final int SYSEMU_SINGLESTEP = 32;

  private static final int PEEKUSER = 3;
  private static final int GETREGS = 12;
  private static final int SETREGS = 13;
  private static final int DETACH = 17;
  private static final int SETOPTIONS = 0x4200;
  private static final int GETEVENTMSG = 0x4201;
  private static final int GETSIGINFO = 0x4202;
  private static final int GETREGSET = 0x4204;
  private static final int SETREGSET = 0x4205;
  private static final int SEIZE = 0x4206;
  private static final int PTRACE_INTERRUPT = 0x4207;
  private static final int GET_SYSCALL_INFO = 0x420e;

  private static final int OPTION_TRACESYSGOOD = 0x1;
  private static final int OPTION_TRACEFORK = 0x2;
  private static final int OPTION_EXITKILL = 0x10_0000;

  /** Options of a thread whose death of its tracer is the death of its process. */
  static final int OPTIONS = OPTION_TRACESYSGOOD | OPTION_EXITKILL;

  /** The same, and new processes that it makes are traced from their first instruction. */
  static final int MASTER_OPTIONS = OPTIONS | OPTION_TRACEFORK;

  private static final int EVENT_FORK = 1;
  private static final int WAIT_ALL = 0x4000_0000;
  private static final int WAIT_NO_HANG = 1;
  private static final int NT_X86_XSTATE = 0x202;
  private static final int XSTATE_MAX_BYTES = 64 << 10;
  private static final int SYSCALL_INFO_BYTES = 88;
  private static final int SYSCALL_INFO_ARCH_OFFSET = 4;
  private static final long WORD = Long.BYTES;

  private final HostCalls host = HostCalls.current();
  private final int processId;
  private final int threadId;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment status = arena.allocate(8, 8);
  private final MemorySegment word = arena.allocate(8, 8);
  private final MemorySegment registers = arena.allocate(Registers.BYTE_COUNT, 8);
  private final MemorySegment injected = arena.allocate(Registers.BYTE_COUNT, 8);
  private final MemorySegment signal = arena.allocate(SignalInfo.BYTE_COUNT, 8);
  private final MemorySegment vector = arena.allocate(16, 8);
  private boolean gone;
  private boolean disturbed;

  private TracedThread(int processId, int threadId) {
    this.processId = processId;
    this.threadId = threadId;
  }

  /**
   * Starts to trace a thread that runs the stub's code, and stops it.
   *
   * @throws StubGoneException if it does not exist any more
   */
  static TracedThread seize(int processId, int threadId, int options) {
    TracedThread thread = new TracedThread(processId, threadId);
    thread.request(SEIZE, 0, options, "seizing a stub thread");
    thread.request(PTRACE_INTERRUPT, 0, 0, "stopping a stub thread");
    thread.takeOver();
    return thread;
  }

  /** Takes over a process that a traced process made, and that the host traces already. */
  static TracedThread adopt(int processId) {
    TracedThread thread = new TracedThread(processId, processId);
    thread.takeOver();
    thread.request(SETOPTIONS, 0, OPTIONS, "setting options of a stub process");
    return thread;
  }

  private void takeOver() {
    awaitStop();
    if (gone) {
      throw new StubGoneException(threadId);
    }
    request(GETREGS, 0, injected.address(), "reading registers of a new stub thread");
  }

  /** Returns the id of the process. */
  public int processId() {
    return processId;
  }

  /** Returns the id of the thread. */
  public int threadId() {
    return threadId;
  }

  /** Returns whether the thread has ended. */
  public boolean isGone() {
    return gone;
  }

  /**
   * Lets the thread run.
   *
   * @param how CONT, SYSEMU or SYSEMU_SINGLESTEP
   * @throws StubGoneException if it has ended
   */
  public void resume(int how) {
    request(how, 0, 0, "resuming a stub thread");
  }

  /**
   * Waits until the thread stops or ends.
   *
   * @return the status as wait4(2) gives it; after the end of the thread {@link #isGone()} holds
   */
  public int awaitStop() {
    long result;
    do {
      result = host.call(SystemCall.WAIT4, threadId, status.address(), WAIT_ALL, 0);
    } while (result == -Errno.EINTR.number());
    if (result != threadId) {
      // Somebody else has reaped it, or it was never there.
      gone = true;
      return 0;
    }
    int value = status.get(ValueLayout.JAVA_INT, 0);
    if (!WaitStatus.isStopped(value)) {
      gone = true;
    }
    return value;
  }

  /** Ends the wait for a thread that is known to have been killed, if it has died by now. */
  boolean reap() {
    if (!gone) {
      long result =
          host.call(SystemCall.WAIT4, threadId, status.address(), WAIT_ALL | WAIT_NO_HANG, 0);
      boolean ended =
          result == threadId && !WaitStatus.isStopped(status.get(ValueLayout.JAVA_INT, 0));
      gone = ended || (result < 0 && result != -Errno.EINTR.number());
    }
    return gone;
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
    request(GETEVENTMSG, 0, word.address(), "asking for a new stub process");
    int child = (int) word.get(ValueLayout.JAVA_LONG, 0);
    resume(CONT);
    awaitInjected();
    return child;
  }

  /** Ends the thread. */
  void exit() {
    if (!gone) {
      try {
        setInjected(StubLayout.CODE + StubLayout.INJECT_OFFSET, SystemCall.EXIT, 0, 0, 0, 0, 0, 0);
        writeInjected();
        resume(CONT);
        while (!gone) {
          awaitStop();
          if (!gone) {
            resume(CONT);
          }
        }
      } catch (StubGoneException killed) {
        gone = true;
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
    request(SETREGS, 0, injected.address(), "setting registers for an injected call");
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
      if (gone) {
        throw new StubGoneException(threadId);
      }
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
    request(DETACH, 0, 0, "detaching from a guest thread");
    gone = true;
    release();
  }

  /** Copies the registers of the stopped thread. */
  public void readRegisters(Registers target) {
    request(GETREGS, 0, registers.address(), "reading registers of a guest thread");
    target.readFrom(registers);
  }

  /** Sets the registers of the stopped thread, which must be acceptable to the host. */
  public void writeRegisters(Registers source) {
    source.writeTo(registers);
    request(SETREGS, 0, registers.address(), "setting registers of a guest thread");
    disturbed = false;
  }

  /** Returns whether an injected call has changed the registers since they were last set. */
  public boolean isDisturbed() {
    return disturbed;
  }

  /** Returns the signal that the thread stopped with; the object is used again by the next call. */
  public SignalInfo readSignal() {
    request(GETSIGINFO, 0, signal.address(), "reading the signal of a guest thread");
    return new SignalInfo(signal);
  }

  /** Returns the architecture (AUDIT_ARCH_...) of the system call that the thread stopped at. */
  public int readSystemCallArchitecture() {
    MemorySegment info = host.scratch();
    request(GET_SYSCALL_INFO, SYSCALL_INFO_BYTES, info.address(), "reading a guest's system call");
    return info.get(ValueLayout.JAVA_INT, SYSCALL_INFO_ARCH_OFFSET);
  }

  /** Returns the number of bytes of the thread's XSAVE area. */
  public int extendedStateByteCount() {
    try (Arena temporary = Arena.ofConfined()) {
      return (int) readExtendedState(temporary.allocate(XSTATE_MAX_BYTES, 64));
    }
  }

  /**
   * Copies the XSAVE area of the stopped thread.
   *
   * @param target native memory
   * @return the number of bytes copied
   */
  public long readExtendedState(MemorySegment target) {
    setVector(target);
    request(GETREGSET, NT_X86_XSTATE, vector.address(), "reading the extended state of a guest");
    return vector.get(ValueLayout.JAVA_LONG, WORD);
  }

  /**
   * Sets the XSAVE area of the stopped thread.
   *
   * @param source native memory, of exactly the size of the area
   * @return whether the host accepts it
   */
  public boolean writeExtendedState(MemorySegment source) {
    setVector(source);
    long result = trace(SETREGSET, NT_X86_XSTATE, vector.address());
    if (result == -Errno.ESRCH.number()) {
      throw new StubGoneException(threadId);
    }
    return result >= 0;
  }

  private void setVector(MemorySegment area) {
    vector.set(ValueLayout.JAVA_LONG, 0, area.address());
    vector.set(ValueLayout.JAVA_LONG, WORD, area.byteSize());
  }

  private long peek(int index) {
    request(PEEKUSER, index * WORD, word.address(), "reading a register of a stub thread");
    return word.get(ValueLayout.JAVA_LONG, 0);
  }

  private void request(int request, long address, long data, String what) {
    long result = trace(request, address, data);
    if (result < 0) {
      if (result == -Errno.ESRCH.number()) {
        throw new StubGoneException(threadId);
      }
      throw new HostException(what, (int) -result);
    }
  }

  private long trace(int request, long address, long data) {
    return host.quick(SystemCall.PTRACE, request, threadId, address, data);
  }

  /** Ends the thread, if it has not ended, and gives back the memory of this object. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      exit();
      arena.close();
    }
  }

  /** Gives back the memory of this object without a word to the thread. */
  void release() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
