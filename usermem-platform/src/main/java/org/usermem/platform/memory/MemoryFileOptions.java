package org.usermem.platform.memory;

import org.usermem.addr.Addr;

/**
 * What a memory file is made with.
 *
 * @param reservationBytes size of the file and of its mapping: address space, not memory. A
 *     multiple of the huge page size
 * @param limitBytes how much may be allocated at once, at most the reservation. A multiple of the
 *     page size
 * @param retainedBytes how much freed memory is kept for reuse before it goes back to the host
 * @param tracksOwners whether to record who takes and drops each reference, for tests
 */
public record MemoryFileOptions(
    long reservationBytes, long limitBytes, long retainedBytes, boolean tracksOwners) {

  private static final long DEFAULT_RESERVATION = 1L << 40;
  private static final long DEFAULT_RETAINED = 64L << 20;

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if a size is not aligned or not in its range
   */
  public MemoryFileOptions {
    if (reservationBytes <= 0 || !Addr.isHugePageAligned(reservationBytes)) {
      throw new IllegalArgumentException(
          "a reservation of " + reservationBytes + " bytes is not whole huge pages");
    }
    if (limitBytes <= 0 || limitBytes > reservationBytes || !Addr.isPageAligned(limitBytes)) {
      throw new IllegalArgumentException(
          "a limit of "
              + limitBytes
              + " bytes is not whole pages within the reservation of "
              + reservationBytes);
    }
    if (retainedBytes < 0) {
      throw new IllegalArgumentException("retained bytes are negative: " + retainedBytes);
    }
  }

  /** Returns options with a limit, a reservation of 1 TiB and 64 MiB retained. */
  public static MemoryFileOptions withLimit(long limitBytes) {
    return new MemoryFileOptions(
        Math.max(DEFAULT_RESERVATION, Addr.hugePageRoundUp(limitBytes)),
        Addr.pageRoundUp(limitBytes),
        DEFAULT_RETAINED,
        false);
  }

  /** Returns these options with another reservation. */
  public MemoryFileOptions reserving(long bytes) {
    return new MemoryFileOptions(bytes, limitBytes, retainedBytes, tracksOwners);
  }

  /** Returns these options with another amount of freed memory kept. */
  public MemoryFileOptions retaining(long bytes) {
    return new MemoryFileOptions(reservationBytes, limitBytes, bytes, tracksOwners);
  }

  /** Returns these options with owners tracked. */
  public MemoryFileOptions trackingOwners() {
    return new MemoryFileOptions(reservationBytes, limitBytes, retainedBytes, true);
  }
}
