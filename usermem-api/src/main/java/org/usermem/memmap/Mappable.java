package org.usermem.memmap;

import java.util.List;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRange;

/**
 * Something that can be mapped: a file, a device, shared memory. It says for each of its offsets
 * where in the memory file the bytes are, and may change its mind.
 *
 * <p>Rules for all methods: ranges are not empty, and ranges and offsets are aligned to pages, but
 * where a method says otherwise. Mappables are compared by identity.
 *
 * <p>Locks: {@link #addMapping}, {@link #removeMapping} and {@link #copyMapping} are called under
 * the lock of the mappings of a space, {@link #translate} under the lock of its active pages too.
 * An implementation may hold a lock of its own while it calls {@link MappingSpace#invalidate}, if
 * that lock comes before the lock of active pages: it takes it in {@code addMapping}, but not in
 * {@code translate}.
 *
 * <p>Thread safety: all methods, from any thread.
 *
 * <p>Source: {@code memmap.Mappable} of gVisor; the locks are those of {@code pkg/sentry/mm/mm.go}.
 */
public interface Mappable {

  /**
   * Takes note of a mapping.
   *
   * @param space where it is mapped
   * @param range the addresses
   * @param offset the offset here of the first; {@code offset + range.byteCount()} does not
   *     overflow
   * @param writable whether the bytes here may be changed through the mapping: a shared mapping
   *     that may become writable. The same for as long as the mapping exists
   * @throws org.usermem.errno.LinuxException if it can't be mapped; nothing was noted
   */
  void addMapping(MappingSpace space, AddrRange range, long offset, boolean writable);

  /**
   * Takes note of the end of a mapping, or of a part of one.
   *
   * @param writable what it was when the mapping was added
   */
  void removeMapping(MappingSpace space, AddrRange range, long offset, boolean writable);

  /**
   * Takes note of a mapping that is copied within its space by mremap(2). For most it is the same
   * as {@link #addMapping} of {@code destination}.
   *
   * @param source the addresses it is copied from; may have another length, and may be empty
   * @param destination the addresses it is copied to
   * @param writable what it was when the mapping was added
   * @throws org.usermem.errno.LinuxException if it can't be mapped; nothing was noted
   */
  void copyMapping(
      MappingSpace space, AddrRange source, AddrRange destination, long offset, boolean writable);

  /**
   * Says where in the memory file bytes are.
   *
   * <p>The result covers {@code required} from its start on, and may cover more of {@code
   * optional}. It is in order, without gaps; each part has something of {@code required}, lies
   * within {@code optional}, and allows at least {@code access}. What is missing at the end of
   * {@code required} is beyond the end of the object: touching it is SIGBUS. {@link
   * TranslationRules#violation} checks that.
   *
   * <p>The result holds until {@link MappingSpace#invalidate} or until the mapping is removed. The
   * caller has a mapping of all of {@code required}, calls under a lock that {@code invalidate}
   * takes, and adds its own references to the pages before it lets go of that lock; until then the
   * mappable keeps them alive.
   *
   * @param required the offsets that are asked for
   * @param optional what may be given too; contains {@code required}
   * @param access the ways in which the pages will be accessed
   * @return the translations; empty if the start of {@code required} is beyond the end
   * @throws org.usermem.errno.LinuxException if nothing could be translated for another reason,
   *     such as ENOMEM
   */
  List<Translation> translate(MappableRange required, MappableRange optional, AccessType access);

  /**
   * Returns whether a page is in memory already, so that touching it waits for nothing: what
   * mincore(2) says of pages that are mapped and were not touched yet. Called under the same locks
   * as {@link #translate}.
   *
   * @param offset the offset of the page
   */
  default boolean isResident(long offset) {
    return false;
  }
}
