package org.usermem.platform;

import java.util.List;
import org.usermem.addr.AccessType;
import org.usermem.memmap.FileRange;

/**
 * What guest threads see at which address: mappings of ranges of the memory file.
 *
 * <p>The mappings are a cache that the memory manager fills. A platform may drop any of them at any
 * time (the host has a limit on their number); the guest then faults, and the memory manager maps
 * again. A platform never adds one.
 *
 * <p>Thread safety: every method may be called from any thread, also while contexts run, and none
 * calls back into its caller, so locks of the memory manager may be held. Calls that concern the
 * same addresses must be ordered by the caller.
 *
 * <p>After the death of the address space ({@link StopReason#DEAD}) mapping and unmapping have no
 * effect: no guest thread is left to see one.
 */
public interface AddressSpace extends AutoCloseable {

  /**
   * Maps a range of the memory file, in place of what was mapped there.
   *
   * <p>When the method returns no guest thread uses what was mapped before. The caller holds a
   * reference on the range until it has unmapped it.
   *
   * @param address the guest address of the first byte, a multiple of the page size
   * @param range the range of the memory file, of whole pages, not empty
   * @param access what the guest may do; what the hardware can't tell apart is granted too ({@link
   *     AccessType#effective()})
   * @param precommit whether to enter the pages into the page tables now rather than when the guest
   *     touches them; pages that were never touched are committed by it
   * @throws IllegalArgumentException if an argument is not aligned, or outside the platform's
   *     addresses
   * @throws org.usermem.errno.LinuxException with ENOMEM if the host refuses; nothing is mapped in
   *     the range then
   */
  void mapFile(long address, FileRange range, AccessType access, boolean precommit);

  /**
   * Maps several ranges, in order, as {@link #mapFile} does, and on some platforms at little more
   * than the cost of one.
   *
   * @param mappings the mappings; the list is not kept
   * @throws org.usermem.errno.LinuxException as {@code mapFile} does; mappings before the one that
   *     failed may be there
   */
  default void mapFiles(List<FileMapping> mappings) {
    for (FileMapping mapping : mappings) {
      mapFile(mapping.address(), mapping.range(), mapping.access(), mapping.precommit());
    }
  }

  /**
   * Unmaps whatever is mapped in a range of addresses.
   *
   * <p>When the method returns no guest thread uses what was mapped. A range with nothing in it is
   * no error.
   *
   * @param address the first address, a multiple of the page size
   * @param byteCount a multiple of the page size; parts of the range outside the platform's
   *     addresses are ignored
   */
  void unmap(long address, long byteCount);

  /**
   * Makes a guest thread, which belongs to the Java thread that calls this.
   *
   * @return a context that has not run yet; its floating-point state is that of a new program
   * @throws IllegalStateException if the calling thread is a virtual thread
   * @throws org.usermem.errno.LinuxException with EAGAIN or ENOMEM if the host refuses a thread
   */
  Context newContext();

  /**
   * Ends all guest threads of the address space and gives back what it holds of the host.
   *
   * <p>When the method returns no guest thread uses any mapping. A context that runs stops with
   * {@link StopReason#DEAD}; contexts are still to be closed, each by its thread. Closing twice has
   * no effect.
   */
  @Override
  void close();
}
