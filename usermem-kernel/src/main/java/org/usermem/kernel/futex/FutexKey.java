package org.usermem.kernel.futex;

import org.jspecify.annotations.Nullable;

/**
 * Where a futex lives, the same for everybody who can wake its sleepers: the address space and the
 * address for a private futex, what is mapped there and the offset in it for a shared one.
 *
 * @param space the address space, or what is mapped; compared by {@code equals}
 * @param offset the address, or the offset in what is mapped
 */
public record FutexKey(Object space, long offset) {

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof FutexKey key && matches(key));
  }

  @Override
  public int hashCode() {
    return (space.hashCode() * 31 + Long.hashCode(offset >>> 2)) * 0x9E37_79B1;
  }

  @SuppressWarnings("ReferenceEquality") // The same object is the common case, told for less.
  private boolean matches(FutexKey key) {
    return offset == key.offset && (space == key.space || space.equals(key.space));
  }
}
