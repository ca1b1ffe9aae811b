package org.usermem.platform.inprocess;

import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.usermem.addr.AccessType;
import org.usermem.platform.Context;
import org.usermem.platform.Registers;
import org.usermem.platform.StopReason;

/** A guest thread that runs Java code on the thread that it belongs to. */
public final class InProcessContext implements Context {

  private static final int FLOATING_POINT_BYTES = 576;
  private static final int SIGSEGV = 11;
  private static final int SEGV_MAPERR = 1;

  private final InProcessAddressSpace addressSpace;
  private final GuestCode guestCode;
  private final Thread owner = Thread.currentThread();
  private final AtomicBoolean interrupted = new AtomicBoolean();
  private final byte[] floatingPoint = new byte[FLOATING_POINT_BYTES];
  private boolean closed;
  private int signalNumber;
  private int signalCode;
  private long faultAddress;
  private AccessType faultAccess = AccessType.NONE;

  InProcessContext(InProcessAddressSpace addressSpace, GuestCode guestCode) {
    this.addressSpace = addressSpace;
    this.guestCode = guestCode;
  }

  /** Returns the address space that the guest thread runs in. */
  public InProcessAddressSpace addressSpace() {
    return addressSpace;
  }

  @Override
  public StopReason run(Registers registers) {
    requireOwner();
    if (closed || addressSpace.isClosed()) {
      return StopReason.DEAD;
    }
    if (interrupted.getAndSet(false)) {
      return StopReason.INTERRUPTED;
    }
    return guestCode.resume(this, registers);
  }

  /**
   * Translates an address for guest code; where that is a fault, sets what a fault sets, and the
   * guest code returns {@link StopReason#FAULT}.
   *
   * @param address a guest address
   * @param access READ, WRITE or EXECUTE
   * @return the offset in the memory file, or nothing
   */
  public OptionalLong access(long address, AccessType access) {
    OptionalLong offset = addressSpace.translate(address, access);
    if (offset.isEmpty()) {
      signal(SIGSEGV, SEGV_MAPERR, address);
      faultAccess = access;
    }
    return offset;
  }

  /** Sets what guest code that returns {@link StopReason#SIGNAL} has raised. */
  public void signal(int number, int code, long address) {
    signalNumber = number;
    signalCode = code;
    faultAddress = address;
  }

  /** Returns whether an interrupt is pending, for guest code that runs for long. */
  public boolean interruptPending() {
    return interrupted.get();
  }

  @Override
  public void interrupt() {
    interrupted.set(true);
  }

  @Override
  public void setSingleStep(boolean singleStep) {
    requireOwner();
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
    return FLOATING_POINT_BYTES;
  }

  @Override
  public void saveFloatingPoint(MemorySegment target) {
    requireOwner();
    MemorySegment.copy(MemorySegment.ofArray(floatingPoint), 0, target, 0, FLOATING_POINT_BYTES);
  }

  @Override
  public void loadFloatingPoint(MemorySegment source) {
    requireOwner();
    MemorySegment.copy(source, 0, MemorySegment.ofArray(floatingPoint), 0, FLOATING_POINT_BYTES);
  }

  @Override
  public void close() {
    requireOwner();
    closed = true;
  }

  private void requireOwner() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "a context of " + owner.getName() + " is used by " + Thread.currentThread().getName());
    }
  }
}
