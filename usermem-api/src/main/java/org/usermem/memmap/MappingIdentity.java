package org.usermem.memmap;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * What keeps a mappable alive while it is mapped, and describes the mapping in /proc/[pid]/maps: a
 * file description, mostly.
 *
 * <p>Not the same as the {@link Mappable}: those that are coherent must be one object, because a
 * shared futex is known by its mappable and offset, and many identities may stand for it.
 *
 * <p>Thread safety: all methods, from any thread.
 *
 * <p>Source: {@code memmap.MappingIdentity} of gVisor.
 */
public interface MappingIdentity {

  /** Adds a reference. */
  void incRef();

  /**
   * Takes a reference off. May block and take locks; not called under locks of memory management.
   */
  void decRef();

  /** Returns the name shown in /proc/[pid]/maps, such as a path. */
  String mappedName();

  /** Returns the number of the device that the file is on, as stat(2) encodes it. */
  long deviceId();

  /** Returns the number of the inode. */
  long inodeId();

  /**
   * Writes changed bytes of a range back, as fdatasync(2) does for all.
   *
   * @throws LinuxException EIO and the like
   */
  void msync(MappableRange range);

  /**
   * Returns whether mremap(2) may make an area of it longer. What the kernel maps by itself, in one
   * piece, is not for that (VM_DONTEXPAND).
   */
  default boolean mayExpand() {
    return true;
  }

  /**
   * Gives the memory of a range back, as fallocate(2) with FALLOC_FL_PUNCH_HOLE does: what
   * madvise(2) with MADV_REMOVE asks for. May block and take locks; not called under locks of
   * memory management.
   *
   * @param range not empty, aligned to pages; may reach beyond the end of the object
   * @throws LinuxException EOPNOTSUPP where that can't be done
   */
  default void punchHole(MappableRange range) {
    throw LinuxException.of(Errno.EOPNOTSUPP);
  }
}
