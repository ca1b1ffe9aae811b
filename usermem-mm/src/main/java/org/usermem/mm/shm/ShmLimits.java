package org.usermem.mm.shm;

/**
 * Limits on segments.
 *
 * @param segmentBytes kernel.shmmax: the most bytes of one segment
 * @param totalPages kernel.shmall: the most pages of all together
 * @param segmentCount kernel.shmmni: the most segments, at most 32768
 */
public record ShmLimits(long segmentBytes, long totalPages, int segmentCount) {

  /** Linux's defaults. */
  public static final ShmLimits DEFAULT =
      new ShmLimits(Long.MAX_VALUE - (1L << 24), Long.MAX_VALUE - (1L << 24), 4096);
}
