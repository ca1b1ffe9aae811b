package org.usermem.platform.systrap;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.platform.Context;
import org.usermem.platform.Registers;
import org.usermem.platform.StopReason;
import org.usermem.platform.stub.FaultGuess;
import org.usermem.platform.stub.GuestRegisters;
import org.usermem.platform.stub.Placement;
import org.usermem.platform.stub.RunState;
import org.usermem.platform.stub.Signals;
import org.usermem.platform.stub.StubGoneException;
import org.usermem.platform.stub.TracedThread;

/** A guest thread that stops itself. */
final class SystrapContext implements Context {

  /** So many sleeps with an interrupt pending, and the thread is taken for hostile. */
  private static final int PATIENCE = 40;

  private static final int PAGE_FAULT = 14;
  private static final int ERROR_WRITE = 0x2;
  private static final int ERROR_FETCH = 0x10;
  private static final long TRAP_FLAG = 0x100;
  private static final int INT_80_BYTES = 2;
  private static final int URETPROBE = 335;
  private static final int AUDIT_ARCH_X86_64 = 0xc000_003e;

  private final SystrapAddressSpace addressSpace;
  private final SystrapThread thread;
  private final Thread owner = Thread.currentThread();
  private final RunState state;
  private final ControlPage control;
  private final SignalFrame frame;
  private final ExtendedState extendedState;
  private final FrameGeometry geometry;
  private final Placement placement;

  private @Nullable TracedThread injector;
  private int detours;
  private boolean singleStep;
  private boolean dead;
  private boolean closed;
  private int signalNumber;
  private int signalCode;
  private long faultAddress;
  private AccessType faultAccess = AccessType.NONE;

  SystrapContext(SystrapAddressSpace addressSpace, SystrapThread thread) {
    this.addressSpace = addressSpace;
    this.thread = thread;
    geometry = addressSpace.platform().geometry(thread);
    control = thread.control();
    MemorySegment slot = thread.slot().memory();
    frame = new SignalFrame(slot.asSlice(geometry.ucontextOffset(), SignalFrame.BYTE_COUNT));
    extendedState = new ExtendedState(slot, geometry);
    if (thread.beginUse()) {
      extendedState.load(addressSpace.platform().initialExtendedState());
    }
    state = new RunState(thread::interrupt);
    placement =
        new Placement(addressSpace.platform().processors(), thread.processId(), thread.threadId());
    addressSpace.add(this);
  }

  @Override
  public StopReason run(Registers registers) {
    requireOpen();
    if (dead || addressSpace.process().isDead()) {
      return dead();
    }
    if (!state.enter()) {
      return StopReason.INTERRUPTED;
    }
    try {
      while (true) {
        boolean ownTrap = load(registers);
        control.handOver(ControlPage.RUNNING);
        if (!awaitStop()) {
          return dead();
        }
        StopReason reason = store(registers);
        if (ownTrap) {
          registers.setEflags(registers.eflags() & ~TRAP_FLAG);
        }
        if (reason != null) {
          return reason;
        }
      }
    } finally {
      state.leave();
    }
  }

  /**
   * Writes what the guest is to run with into the frame.
   *
   * @return whether the guest steps for the sentry and not for itself
   */
  private boolean load(Registers registers) {
    GuestRegisters.sanitize(registers);
    boolean ownTrap = singleStep && (registers.eflags() & TRAP_FLAG) == 0;
    if (ownTrap) {
      registers.setEflags(registers.eflags() | TRAP_FLAG);
    }
    frame.write(registers);
    frame.setSignalMask(Signals.BLOCKED);
    control.setBases(registers.fsBase(), registers.gsBase());
    return ownTrap;
  }

  /** Waits until the guest has stopped; returns false if it never will. */
  private boolean awaitStop() {
    int sleepsWithInterrupt = 0;
    MemorySegment timeout = addressSpace.platform().shortSleep();
    int current = control.state();
    while (current == ControlPage.RUNNING) {
      if (control.sleepWhile(ControlPage.RUNNING, timeout)) {
        if (addressSpace.process().isDead() || !thread.exists()) {
          return false;
        }
        sleepsWithInterrupt = state.isInterruptPending() ? sleepsWithInterrupt + 1 : 0;
        if (sleepsWithInterrupt > PATIENCE) {
          return false;
        }
        placement.guestRunsOn();
        timeout = addressSpace.platform().sleep();
      } else if (addressSpace.process().isDead()) {
        return false;
      }
      current = control.state();
    }
    placement.guestStopped();
    return current == ControlPage.STOPPED;
  }

  /** Reads what the guest stopped with, and returns why, or null if it is to run on. */
  private @Nullable StopReason store(Registers registers) {
    frame.read(registers);
    registers.setFsBase(control.fsBase());
    registers.setGsBase(control.gsBase());
    int signal = control.signal();
    int code = frame.code();
    if (signal == Signals.SIGSYS && code == Signals.SYS_SECCOMP) {
      return frame.architecture() == AUDIT_ARCH_X86_64
          ? systemCall(registers)
          : refuse32BitCall(registers);
    }
    if (signal == Signals.INTERRUPT) {
      return state.takeInterrupt() ? StopReason.INTERRUPTED : null;
    }
    if (code <= 0) {
      // Somebody else has sent it.
      return null;
    }
    if (signal == Signals.SIGILL && code == Signals.SI_KERNEL) {
      // The one call that Linux shows no filter: it answers with SIGILL outside its trampoline.
      registers.setRax(URETPROBE);
      return systemCall(registers);
    }
    if (FaultGuess.isPageFault(signal, code) && frame.trapNumber() == PAGE_FAULT) {
      signalled(signal, code, frame.pageFaultAddress());
      faultAccess = access(frame.errorCode());
      return StopReason.FAULT;
    }
    if (signal == Signals.SIGTRAP && singleStep && code == Signals.TRAP_TRACE) {
      return StopReason.STEP;
    }
    signalled(Signals.isException(signal) ? signal : Signals.SIGSEGV, code, frame.address());
    return StopReason.SIGNAL;
  }

  private static StopReason systemCall(Registers registers) {
    registers.setOrigRax(registers.rax());
    registers.setRax(-Errno.ENOSYS.number());
    return StopReason.SYSCALL;
  }

  private StopReason refuse32BitCall(Registers registers) {
    registers.setRip(registers.rip() - INT_80_BYTES);
    signalled(Signals.SIGSEGV, Signals.SI_KERNEL, 0);
    return StopReason.SIGNAL;
  }

  private static AccessType access(long errorCode) {
    if ((errorCode & ERROR_FETCH) != 0) {
      return AccessType.EXECUTE;
    }
    return (errorCode & ERROR_WRITE) != 0 ? AccessType.WRITE : AccessType.READ;
  }

  private void signalled(int number, int code, long address) {
    signalNumber = number;
    signalCode = code;
    faultAddress = address;
  }

  /** A thread that ends, or seems to, takes its process with it. */
  private StopReason dead() {
    dead = true;
    addressSpace.process().kill();
    return StopReason.DEAD;
  }

  /** Counts an injected call that took the detour over the warden. */
  int countDetour() {
    return ++detours;
  }

  /** Makes a traced thread for this Java thread to inject into; null if that can't be had. */
  @Nullable TracedThread makeInjector() {
    if (injector == null) {
      try {
        TracedThread made = addressSpace.process().newThread();
        injector = made;
        placement.addInjector(made.threadId());
        addressSpace.addTraced(made);
      } catch (StubGoneException | LinuxException refused) {
        detours = 0;
      }
    }
    return injector;
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
    return geometry.extendedStateByteCount();
  }

  @Override
  public void saveFloatingPoint(MemorySegment target) {
    requireOpen();
    extendedState.save(target);
  }

  @Override
  public void loadFloatingPoint(MemorySegment source) {
    requireOpen();
    if (!extendedState.load(source)) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  @Override
  public void close() {
    requireOwner();
    if (!closed) {
      closed = true;
      state.close();
      placement.end();
      addressSpace.remove(this);
      TracedThread traced = injector;
      if (traced != null) {
        addressSpace.removeTraced(traced);
        addressSpace.process().park(traced);
      }
      if (dead || !addressSpace.keepIdle(thread)) {
        addressSpace.removeGuest(thread);
        thread.end();
      }
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
