package org.usermem.mm;

import org.usermem.addr.AddrRange;

/**
 * Where the parts of a program are, as the loader or prctl(2) with PR_SET_MM has said: nothing but
 * what /proc shows. Linux keeps the same in {@code mm_struct}.
 *
 * @param code its own code
 * @param data its own initialized data
 * @param stackStart where its stack started
 * @param arguments its argument strings
 * @param environment its environment strings
 */
public record ProgramImage(
    AddrRange code, AddrRange data, long stackStart, AddrRange arguments, AddrRange environment) {

  private static final AddrRange NOWHERE = new AddrRange(0, 0);

  /** A program of which nothing is known. */
  public static final ProgramImage UNKNOWN =
      new ProgramImage(NOWHERE, NOWHERE, 0, NOWHERE, NOWHERE);
}
