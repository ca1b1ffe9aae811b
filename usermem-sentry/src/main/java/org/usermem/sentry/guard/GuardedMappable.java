package org.usermem.sentry.guard;

import java.util.List;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRange;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingSet;
import org.usermem.memmap.MappingSpace;
import org.usermem.memmap.Translation;

/**
 * Mapped contents of a plug-in's file. Once the plug-in is gone there is nothing to translate:
 * pages that were mapped are taken away, and touching them is SIGBUS, as after a truncation.
 */
final class GuardedMappable implements Mappable, Guard.Revocable {

  private final Target<Mappable> target;
  private final MappingSet mappings = new MappingSet(); // guarded by this

  GuardedMappable(Target<Mappable> target, Guard guard) {
    this.target = target;
    guard.add(this);
  }

  @Override
  public void addMapping(MappingSpace space, AddrRange range, long offset, boolean writable) {
    target.run(m -> m.addMapping(space, range, offset, writable));
    synchronized (this) {
      mappings.addMapping(space, range, offset, writable);
    }
  }

  @Override
  public void removeMapping(MappingSpace space, AddrRange range, long offset, boolean writable) {
    synchronized (this) {
      mappings.removeMapping(space, range, offset, writable);
    }
    target.attempt(m -> m.removeMapping(space, range, offset, writable));
  }

  @Override
  public void copyMapping(
      MappingSpace space, AddrRange source, AddrRange destination, long offset, boolean writable) {
    target.attempt(m -> m.copyMapping(space, source, destination, offset, writable));
    synchronized (this) {
      mappings.addMapping(space, destination, offset, writable);
    }
  }

  @Override
  public List<Translation> translate(
      MappableRange required, MappableRange optional, AccessType access) {
    return target.ifPresent() == null
        ? List.of()
        : target.call(m -> m.translate(required, optional, access));
  }

  @Override
  public boolean isResident(long offset) {
    return target.ifPresent() != null && target.call(m -> m.isResident(offset));
  }

  @Override
  public void revoke() {
    target.take();
    synchronized (this) {
      mappings.invalidateAll(false);
    }
  }
}
