package org.usermem.mm;

import org.usermem.mm.pma.PageOrigin;
import org.usermem.mm.shared.SharedMemory;
import org.usermem.mm.shm.ShmSegment;
import org.usermem.mm.vma.VmaAttributes;

/** Memory that is shared and is no file: what MAP_SHARED with MAP_ANONYMOUS maps. */
final class SharedPages {

  private SharedPages() {}

  /** Returns how pages of a mappable are counted. */
  static PageOrigin origin(VmaAttributes attributes) {
    return attributes.mappable() instanceof SharedMemory
            || attributes.mappable() instanceof ShmSegment
        ? PageOrigin.SHARED_MEMORY
        : PageOrigin.FILE;
  }

  /** Returns whether an area is memory that MAP_SHARED with MAP_ANONYMOUS made. */
  static boolean isAnonymous(VmaAttributes attributes) {
    return attributes.mappable() instanceof SharedMemory memory && memory.isAnonymous();
  }

  /** Makes what one mmap call shares; the caller has the first reference. */
  static SharedMemory anonymous(Space space, long byteCount) {
    return SharedMemory.anonymous(space.file, byteCount, space.inodes.incrementAndGet());
  }
}
