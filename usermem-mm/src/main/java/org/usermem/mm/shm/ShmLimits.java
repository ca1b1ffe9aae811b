package org.usermem.mm.shm;

/**
 * Limits on segments.
 *
 * @param segmentBytes kernel.shmmax: the most bytes of one segment, unsigned
 * @param totalPages kernel.shmall: the most pages of all together, unsigned
 * @param segmentCount kernel.shmmni: the most segments, at most 32768
 */
public record ShmLimits(long segmentBytes, long totalPages, int segmentCount) {

  /** Linux's defaults. */
  public static final ShmLimits DEFAULT = new ShmLimits(-1L - (1L << 24), -1L - (1L << 24), 4096);
}
