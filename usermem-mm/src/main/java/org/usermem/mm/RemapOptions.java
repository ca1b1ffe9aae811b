package org.usermem.mm;

/**
 * The flags of mremap(2).
 *
 * @param mayMove MREMAP_MAYMOVE
 * @param fixed MREMAP_FIXED: to {@code newAddress}, in place of what is there
 * @param dontUnmap MREMAP_DONTUNMAP: the old range stays mapped, without its pages
 * @param newAddress where to, with {@code fixed}; a hint with {@code dontUnmap}
 */
public record RemapOptions(boolean mayMove, boolean fixed, boolean dontUnmap, long newAddress) {

  /** Resize where it is or not at all. */
  public static final RemapOptions IN_PLACE = new RemapOptions(false, false, false, 0);

  /** Resize where it is, or else move it anywhere. */
  public static final RemapOptions MAY_MOVE = new RemapOptions(true, false, false, 0);

  /** Returns options to move to an address. */
  public static RemapOptions to(long newAddress) {
    return new RemapOptions(true, true, false, newAddress);
  }

  /** Returns whether the flags say where to. */
  boolean hasNewAddress() {
    return fixed || dontUnmap;
  }
}
