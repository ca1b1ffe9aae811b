package org.usermem.platform;

import java.lang.foreign.MemorySegment;
import org.usermem.addr.AccessType;

/**
 * A guest thread.
 *
 * <p>Thread safety: a context belongs to the Java thread that made it, and every method but {@link
 * #interrupt()} throws {@link IllegalStateException} on another. That thread must close it before
 * it ends: on some platforms the end of the thread is the end of the whole address space.
 *
 * <p>Source: {@code Context} in {@code pkg/sentry/platform/platform.go} of gVisor.
 */
public interface Context extends AutoCloseable {

  /**
   * Runs guest code until something needs the kernel.
   *
   * <p>What the guest could use to gain rights is set right on the way in: selectors and flags that
   * user code can't have, bases of FS and GS outside the guest's addresses.
   *
   * @param registers what the guest runs with; replaced by what it stopped with, except after
   *     {@link StopReason#DEAD}
   * @return why it stopped
   */
  StopReason run(Registers registers);

  /**
   * Makes the guest stop with {@link StopReason#INTERRUPTED}, from any thread.
   *
   * <p>If the guest does not run, or stops for another reason first, the next {@code run} returns
   * {@code INTERRUPTED} at once. Several interrupts before that count as one. After {@link
   * #close()} there is no effect.
   */
  void interrupt();

  /** Sets whether {@code run} returns {@link StopReason#STEP} after one instruction. */
  void setSingleStep(boolean singleStep);

  /**
   * Returns the signal that Linux would send, such as SIGSEGV (11), after {@link StopReason#FAULT}
   * and {@link StopReason#SIGNAL}.
   */
  int signalNumber();

  /**
   * Returns the {@code si_code} that the host gave, after {@link StopReason#FAULT} and {@link
   * StopReason#SIGNAL}.
   *
   * <p>After a fault it says what the host knew, which is a cache; whether a program is to see
   * SEGV_MAPERR or SEGV_ACCERR is for the memory manager to say.
   */
  int signalCode();

  /**
   * Returns the {@code si_addr}: after {@link StopReason#FAULT} the address that was accessed,
   * after {@link StopReason#SIGNAL} what the signal's definition says.
   */
  long faultAddress();

  /**
   * Returns the access that failed, after {@link StopReason#FAULT}: READ, WRITE or EXECUTE.
   *
   * <p>Where a platform can't tell it says READ first, and WRITE or EXECUTE when the same
   * instruction faults again at the same address, so that a handler that maps what was asked for
   * always gets the guest on.
   */
  AccessType faultAccess();

  /**
   * Returns the number of bytes of the floating-point and vector state: an XSAVE area in the
   * standard format, at least 576. It is the same for all contexts of a platform.
   */
  int floatingPointByteCount();

  /**
   * Copies the floating-point and vector state out of the guest thread.
   *
   * @param target receives {@link #floatingPointByteCount()} bytes at its start
   * @throws IndexOutOfBoundsException if it is smaller than that
   */
  void saveFloatingPoint(MemorySegment target);

  /**
   * Replaces the floating-point and vector state of the guest thread.
   *
   * @param source an XSAVE area in the standard format; its content may come from a program
   * @throws IndexOutOfBoundsException if it is smaller than {@link #floatingPointByteCount()}
   * @throws org.usermem.errno.LinuxException with EINVAL if the hardware would refuse the content;
   *     the state is as before then
   */
  void loadFloatingPoint(MemorySegment source);

  /** Ends the guest thread. Closing twice has no effect. */
  @Override
  void close();
}
