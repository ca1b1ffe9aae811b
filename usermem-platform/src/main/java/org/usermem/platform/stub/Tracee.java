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
 * A thread as ptrace(2) sees it: what can be asked of one that is stopped, and waiting for that.
 *
 * <p>Thread safety: confined to the Java thread that traces it, because ptrace(2) is.
 */
public abstract sealed class Tracee permits TracedThread {

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
  private static final int INTERRUPT = 0x4207;
  private static final int SETSIGMASK = 0x420b;
  private static final int GET_SYSCALL_INFO = 0x420e;

  private static final int OPTION_TRACESYSGOOD = 0x1;
  private static final int OPTION_TRACEFORK = 0x2;
  private static final int OPTION_EXITKILL = 0x10_0000;

  /** Options of a thread whose death of its tracer is the death of its process. */
  static final int OPTIONS = OPTION_TRACESYSGOOD | OPTION_EXITKILL;

  /** The same, and new processes that it makes are traced from their first instruction. */
  static final int MASTER_OPTIONS = OPTIONS | OPTION_TRACEFORK;

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
  private final MemorySegment signal = arena.allocate(SignalInfo.BYTE_COUNT, 8);
  private final MemorySegment vector = arena.allocate(16, 8);
  private boolean gone;

  Tracee(int processId, int threadId) {
    this.processId = processId;
    this.threadId = threadId;
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

  /** Starts to trace the thread, and has it stop. */
  final void requestSeizure(int options) {
    request(SEIZE, 0, options, "seizing a stub thread");
    request(INTERRUPT, 0, 0, "stopping a stub thread");
  }

  final void setOptions(int options) {
    request(SETOPTIONS, 0, options, "setting options of a stub process");
  }

  /** Lets the thread run without being traced. */
  final void requestDetachment() {
    request(DETACH, 0, 0, "detaching from a guest thread");
    gone = true;
  }

  /** Returns what the last event tells: for a fork, the id of the new process. */
  final long eventMessage() {
    request(GETEVENTMSG, 0, word.address(), "asking for a new stub process");
    return word.get(ValueLayout.JAVA_LONG, 0);
  }

  /** Sets the signals that the thread blocks, bit n - 1 for signal n. */
  final void setSignalMask(long mask) {
    word.set(ValueLayout.JAVA_LONG, 0, mask);
    request(SETSIGMASK, WORD, word.address(), "setting the signal mask of a stub thread");
  }

  /** Copies the registers of the stopped thread to native memory. */
  final void getRegisters(MemorySegment target) {
    request(GETREGS, 0, target.address(), "reading registers of a stub thread");
  }

  /** Sets the registers of the stopped thread from native memory. */
  final void setRegisters(MemorySegment source) {
    request(SETREGS, 0, source.address(), "setting registers of a stub thread");
  }

  /** Copies the registers of the stopped thread. */
  public void readRegisters(Registers target) {
    getRegisters(registers);
    target.readFrom(registers);
  }

  /** Sets the registers of the stopped thread, which must be acceptable to the host. */
  public void writeRegisters(Registers source) {
    source.writeTo(registers);
    setRegisters(registers);
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

  /** Returns a register of the stopped thread by its index in {@link Registers}. */
  final long peek(int index) {
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

  /** Returns memory that lives as long as this object. */
  final MemorySegment allocate(long byteCount) {
    return arena.allocate(byteCount, 8);
  }

  final void markGone() {
    gone = true;
  }

  final boolean hasMemory() {
    return arena.scope().isAlive();
  }

  /** Gives back the memory of this object without a word to the thread. */
  void release() {
    if (hasMemory()) {
      arena.close();
    }
  }
}
