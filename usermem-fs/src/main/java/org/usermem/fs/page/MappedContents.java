package org.usermem.fs.page;

import org.usermem.addr.AddrRange;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappingSpace;

/**
 * The bytes of a file, and where they are mapped.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public abstract class MappedContents implements Mappable {

  private final FileMappings mappings = new FileMappings();

  /** Creates contents that are mapped nowhere. */
  protected MappedContents() {}

  /** Returns the mappings. */
  protected final FileMappings mappings() {
    return mappings;
  }

  @Override
  public final void addMapping(MappingSpace space, AddrRange range, long offset, boolean writable) {
    mappings.add(space, range, offset, writable);
  }

  @Override
  public final void removeMapping(
      MappingSpace space, AddrRange range, long offset, boolean writable) {
    mappings.remove(space, range, offset, writable);
  }

  @Override
  public final void copyMapping(
      MappingSpace space, AddrRange source, AddrRange destination, long offset, boolean writable) {
    mappings.addCopy(space, destination, offset, writable);
  }
}
