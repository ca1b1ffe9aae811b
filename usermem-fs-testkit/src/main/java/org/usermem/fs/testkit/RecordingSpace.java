package org.usermem.fs.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.usermem.addr.AddrRange;
import org.usermem.memmap.MappingSpace;

/** An address space that remembers what was invalidated in it. */
public final class RecordingSpace implements MappingSpace {

  /**
   * An invalidation.
   *
   * @param range the addresses
   * @param withCopies whether private copies went too
   */
  public record Invalidation(AddrRange range, boolean withCopies) {}

  private final List<Invalidation> invalidations = new CopyOnWriteArrayList<>();

  /** Creates a space. */
  public RecordingSpace() {}

  /** Returns all invalidations, in order. */
  public List<Invalidation> invalidations() {
    return invalidations;
  }

  @Override
  public void invalidate(AddrRange range, boolean invalidatePrivate) {
    invalidations.add(new Invalidation(range, invalidatePrivate));
  }
}
