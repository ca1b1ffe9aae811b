package org.usermem.fs.overlay;

/**
 * Limits of what an overlay keeps in memory.
 *
 * @param byteLimit the most bytes of files that were written
 * @param inodeLimit the most files that were made
 */
public record OverlayOptions(long byteLimit, long inodeLimit) {

  /** Limited by the memory file alone, and to half a million new files. */
  public static final OverlayOptions DEFAULT = new OverlayOptions(Long.MAX_VALUE, 500_000);
}
