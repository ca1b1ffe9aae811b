package org.usermem.memmap;

import org.usermem.addr.AddrRange;

/**
 * What mappables are mapped into: an address space, as a mappable sees it.
 *
 * <p>Compared by identity.
 */
public interface MappingSpace {

  /**
   * Says that what {@link Mappable#translate} gave for the offsets mapped at some addresses no
   * longer holds. After the return nobody uses the old translations, and their references are
   * dropped or about to be.
   *
   * <p>The caller may hold locks of its own, under which it also answers {@code translate}; so an
   * implementation takes no lock that it holds while it calls a mappable, but the one under which
   * it calls {@code translate}.
   *
   * @param range not empty, aligned to pages
   * @param invalidatePrivate whether private copies of the pages go too, and their contents with
   *     them (truncation does that, write-back does not)
   */
  void invalidate(AddrRange range, boolean invalidatePrivate);
}
