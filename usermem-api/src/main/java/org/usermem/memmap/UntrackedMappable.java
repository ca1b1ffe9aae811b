package org.usermem.memmap;

import org.usermem.addr.AddrRange;

/**
 * A mappable that never invalidates a translation, because it can't be truncated and its pages do
 * not move; so it need not know its mappings.
 */
public interface UntrackedMappable extends Mappable {

  @Override
  default void addMapping(MappingSpace space, AddrRange range, long offset, boolean writable) {}

  @Override
  default void removeMapping(MappingSpace space, AddrRange range, long offset, boolean writable) {}

  @Override
  default void copyMapping(
      MappingSpace space, AddrRange source, AddrRange destination, long offset, boolean writable) {}
}
