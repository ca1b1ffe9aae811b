package org.usermem.platform.ptrace;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.platform.Context;
import org.usermem.platform.Registers;
import org.usermem.platform.StopReason;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.SystemCall;
import org.usermem.platform.stub.FaultGuess;
import org.usermem.platform.stub.GuestRegisters;
import org.usermem.platform.stub.RunState;
import org.usermem.platform.stub.SignalInfo;
import org.usermem.platform.stub.Signals;
import org.usermem.platform.stub.StubGoneException;
import org.usermem.platform.stub.TracedThread;
import org.usermem.platform.stub.WaitStatus;
import org.usermem.platform.stub.WatchedPlacement;

/** A guest thread that its Java thread traces. */
final class PtraceContext implements Context {

  private static final long ENOSYS_RESULT = -Errno.ENOSYS.number();
  private static final int INT_80_BYTES = 2;
  private static final int AUDIT_ARCH_X86_64 = 0xc000_003e;

  private final PtraceAddressSpace addressSpace;
  private final TracedThread thread;
  private final Thread owner = Thread.currentThread();
  private final RunState state;
  private final WatchedPlacement placement;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment extendedState;
  private final FaultGuess faultGuess = new FaultGuess();

  /** What the host's registers are, if {@link #registersKnown}. */
  private final Registers hostRegisters = new Registers();

  private boolean registersKnown;
  private boolean singleStep;
  private boolean closed;
  private int signalNumber;
  private int signalCode;
  private long faultAddress;
  private AccessType faultAccess = AccessType.NONE;

  private PtraceContext(PtraceAddressSpace addressSpace, TracedThread thread) {
    this.addressSpace = addressSpace;
    this.thread = thread;
    extendedState = arena.allocate(addressSpace.platform().extendedStateByteCount(), 64);
    int processId = thread.processId();
    int threadId = thread.threadId();
    state =
        new RunState(
            () ->
                HostCalls.current()
                    .call(SystemCall.TGKILL, processId, threadId, Signals.INTERRUPT));
    addressSpace.addGuest(state);
    addressSpace.addTraced(thread);
    placement = addressSpace.platform().place(thread);
  }

  static PtraceContext create(PtraceAddressSpace addressSpace) {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("a virtual thread can't own a context");
    }
    try {
      return new PtraceContext(addressSpace, addressSpace.process().newThread());
    } catch (StubGoneException gone) {
      addressSpace.process().markDead();
      throw LinuxException.of(Errno.EAGAIN);
    }
  }

  @Override
  public StopReason run(Registers registers) {
    requireOpen();
    if (thread.isGone()) {
      return StopReason.DEAD;
    }
    if (!state.enter()) {
      return StopReason.INTERRUPTED;
    }
    try {
      loadRegisters(registers);
      StopReason reason;
      do {
        placement.guestStarts();
        thread.resume(singleStep ? TracedThread.SYSEMU_SINGLESTEP : TracedThread.SYSEMU);
        int status = thread.awaitStop();
        placement.guestStopped();
        reason = reasonOf(status, registers);
      } while (reason == null);
      hostRegisters.copyFrom(registers);
      registersKnown = true;
      return reason;
    } catch (StubGoneException gone) {
      return dead();
    } finally {
      state.leave();
    }
  }

  private void loadRegisters(Registers registers) {
    if (registersKnown && !thread.isDisturbed() && registers.equals(hostRegisters)) {
      return;
    }
    hostRegisters.copyFrom(registers);
    GuestRegisters.sanitize(hostRegisters);
    // The host is not to take a result for one that restarts a system call.
    hostRegisters.setOrigRax(-1);
    thread.writeRegisters(hostRegisters);
  }

  /** Returns why the guest stopped, or null if it is to run on. */
  private @Nullable StopReason reasonOf(int status, Registers registers) {
    if (thread.isGone()) {
      return dead();
    }
    if (WaitStatus.event(status) == WaitStatus.EVENT_STOP) {
      // Somebody has sent SIGSTOP; a guest is not stopped by signals of the host.
      return null;
    }
    int signal = WaitStatus.signal(status);
    if (signal == WaitStatus.SYSTEM_CALL) {
      return systemCall(registers);
    }
    if (signal == Signals.INTERRUPT) {
      if (!state.takeInterrupt()) {
        return null;
      }
      readRegisters(registers);
      return StopReason.INTERRUPTED;
    }
    return exception(signal, registers);
  }

  private StopReason systemCall(Registers registers) {
    thread.readRegisters(registers);
    // The instruction syscall leaves rip in rcx. If that is not so this may have been int 0x80 or
    // sysenter, whose numbers mean other calls; the host would tell, at a price.
    if (registers.get(Registers.RCX) != registers.rip()
        && thread.readSystemCallArchitecture() != AUDIT_ARCH_X86_64) {
      registers.setRax(registers.origRax());
      registers.setOrigRax(-1);
      registers.setRip(registers.rip() - INT_80_BYTES);
      signalled(Signals.SIGSEGV, Signals.SI_KERNEL, 0);
      return StopReason.SIGNAL;
    }
    return StopReason.SYSCALL;
  }

  private @Nullable StopReason exception(int signal, Registers registers) {
    SignalInfo info = thread.readSignal();
    readRegisters(registers);
    signalled(signal, info.code(), info.address());
    if (FaultGuess.isPageFault(signal, signalCode)) {
      faultAccess = faultGuess.guess(signalCode, faultAddress, registers.rip());
      return StopReason.FAULT;
    }
    if (signal == Signals.SIGTRAP && singleStep && signalCode == Signals.TRAP_TRACE) {
      return StopReason.STEP;
    }
    if (signal == Signals.SIGSYS && signalCode == Signals.SYS_SECCOMP) {
      // A call through the vsyscall page, which returns like a function.
      registers.setOrigRax(info.systemCall());
      registers.setRax(ENOSYS_RESULT);
      return StopReason.SYSCALL;
    }
    boolean raisedByGuest = signalCode > 0;
    return raisedByGuest ? StopReason.SIGNAL : null;
  }

  private void readRegisters(Registers registers) {
    thread.readRegisters(registers);
    registers.setOrigRax(-1);
  }

  private void signalled(int number, int code, long address) {
    signalNumber = number;
    signalCode = code;
    faultAddress = address;
  }

  private StopReason dead() {
    addressSpace.process().markDead();
    return StopReason.DEAD;
  }

  @Override
  public void interrupt() {
    state.interrupt();
  }

  @Override
  public void setSingleStep(boolean singleStep) {
    requireOpen();
    this.singleStep = singleStep;
  }

  @Override
  public int signalNumber() {
    return signalNumber;
  }

  @Override
  public int signalCode() {
    return signalCode;
  }

  @Override
  public long faultAddress() {
    return faultAddress;
  }

  @Override
  public AccessType faultAccess() {
    return faultAccess;
  }

  @Override
  public int floatingPointByteCount() {
    return (int) extendedState.byteSize();
  }

  @Override
  public void saveFloatingPoint(MemorySegment target) {
    requireOpen();
    try {
      thread.readExtendedState(extendedState);
    } catch (StubGoneException gone) {
      dead();
    }
    MemorySegment.copy(extendedState, 0, target, 0, extendedState.byteSize());
  }

  @Override
  public void loadFloatingPoint(MemorySegment source) {
    requireOpen();
    MemorySegment.copy(source, 0, extendedState, 0, extendedState.byteSize());
    try {
      if (!thread.writeExtendedState(extendedState)) {
        throw LinuxException.of(Errno.EINVAL);
      }
    } catch (StubGoneException gone) {
      dead();
    }
  }

  @Override
  public void close() {
    requireOwner();
    if (!closed) {
      closed = true;
      state.close();
      addressSpace.removeTraced(thread);
      placement.end();
      thread.close();
      addressSpace.removeGuest(state);
      arena.close();
    }
  }

  private void requireOpen() {
    requireOwner();
    if (closed) {
      throw new IllegalStateException("the context is closed");
    }
  }

  private void requireOwner() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "a context of " + owner.getName() + " is used by " + Thread.currentThread().getName());
    }
  }
}
