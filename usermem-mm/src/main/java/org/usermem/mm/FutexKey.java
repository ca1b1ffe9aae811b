package org.usermem.mm;

import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.mm.vma.Vma;

/**
 * What a futex word is known by: where it is, in terms that all who share the word agree on. Linux:
 * {@code get_futex_key}.
 *
 * <p>Immutable. Two keys are equal exactly if they are of the same word.
 */
public final class FutexKey {

  /** The address space or the mappable; compared by identity. */
  private final Object object;

  private final long offset;

  private FutexKey(Object object, long offset) {
    this.object = object;
    this.offset = offset;
  }

  static FutexKey of(Space space, long addr, boolean isPrivate) {
    if ((addr & 3) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (!Addr.lessThan(addr, space.layout.maxAddress())) {
      throw LinuxException.of(Errno.EFAULT);
    }
    if (isPrivate) {
      return new FutexKey(space, addr);
    }
    space.locks.lockMappingsForReading();
    try {
      Vma vma = space.vmas.tree().find(addr);
      if (vma == null || !Access.isAllowed(vma, AccessType.READ, IOOpts.DEFAULT)) {
        throw LinuxException.of(Errno.EFAULT);
      }
      Object mappable = vma.attributes().mappable();
      return mappable == null || vma.attributes().isPrivate()
          ? new FutexKey(space, addr)
          : new FutexKey(mappable, vma.offsetAt(addr));
    } finally {
      space.locks.unlockMappingsForReading();
    }
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // The objects are what is shared, not what they equal.
  public boolean equals(@Nullable Object other) {
    return other instanceof FutexKey key && key.object == object && key.offset == offset;
  }

  @Override
  public int hashCode() {
    return 31 * System.identityHashCode(object) + Long.hashCode(offset);
  }

  @Override
  public String toString() {
    return "futex word 0x%x of %s".formatted(offset, object.getClass().getSimpleName());
  }
}
