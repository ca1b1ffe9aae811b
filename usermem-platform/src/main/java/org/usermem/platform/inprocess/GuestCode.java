package org.usermem.platform.inprocess;

import org.usermem.platform.Registers;
import org.usermem.platform.StopReason;

/**
 * What a guest thread of the in-process platform runs: Java code that plays a program.
 *
 * <p>It may keep its state in the registers, in guest memory that it reaches through {@link
 * InProcessContext#access}, or in itself.
 */
@FunctionalInterface
public interface GuestCode {

  /** Guest code that has ended. */
  GuestCode NONE = (context, registers) -> StopReason.DEAD;

  /**
   * Runs until the program needs the kernel.
   *
   * @param context the guest thread
   * @param registers its registers, to be read and changed
   * @return why it stops; {@link InProcessContext#access} and {@link InProcessContext#signal} make
   *     the values for FAULT and SIGNAL
   */
  StopReason resume(InProcessContext context, Registers registers);
}
