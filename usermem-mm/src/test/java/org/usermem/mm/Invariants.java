package org.usermem.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.usermem.addr.Addr;
import org.usermem.memmap.FileRange;
import org.usermem.mm.pma.PageOrigin;
import org.usermem.mm.pma.Pma;
import org.usermem.mm.table.PageEntry;
import org.usermem.mm.vma.Vma;
import org.usermem.platform.AddressSpace;
import org.usermem.platform.FileMapping;
import org.usermem.platform.inprocess.InProcessAddressSpace;

/** What holds of an address space whenever no operation is under way. */
public final class Invariants {

  private Invariants() {}

  public static void check(MemoryManager manager) {
    Space space = manager.space();
    areas(space);
    pages(space);
    table(space);
    guest(space);
    assertEquals(0, space.quarantine.byteCount(), "bytes in quarantine");
  }

  private static void areas(Space space) {
    long span = 0;
    long data = 0;
    long locked = 0;
    int count = 0;
    Vma before = null;
    for (Vma vma = space.vmas.tree().first(); vma != null; vma = vma.next()) {
      assertTrue(Addr.isPageAligned(vma.start() | vma.end()), vma::toString);
      if (before != null) {
        assertTrue(before.end() <= vma.start(), vma::toString);
      }
      assertEquals(vma, space.vmas.tree().find(vma.start()));
      assertEquals(vma, space.vmas.tree().find(vma.end() - 1));
      span += vma.byteCount();
      data += vma.attributes().isData() ? vma.byteCount() : 0;
      locked += vma.attributes().isLocked() ? vma.byteCount() : 0;
      count++;
      before = vma;
    }
    assertEquals(count, space.vmas.tree().size());
    assertEquals(span, space.vmas.tree().span());
    assertEquals(data, space.vmas.dataBytes());
    assertEquals(locked, space.vmas.lockedBytes());
  }

  private static void pages(Space space) {
    long[] resident = new long[PageOrigin.COUNT];
    Pma before = null;
    for (Pma pma = space.pmas.tree().first(); pma != null; pma = pma.next()) {
      assertTrue(Addr.isPageAligned(pma.start() | pma.end() | pma.fileOffset()), pma::toString);
      if (before != null) {
        assertTrue(before.end() <= pma.start(), pma::toString);
      }
      resident[pma.origin().index()] += pma.byteCount();
      for (long at = pma.start(); at < pma.end(); ) {
        Vma vma = space.vmas.tree().find(at);
        assertNotNull(vma, () -> "pages without an area");
        if (!pma.isPrivate()) {
          assertFalse(vma.attributes().isAnonymous(), pma::toString);
          assertEquals(vma.attributes().isPrivate(), pma.isCopyOnWrite(), pma::toString);
        }
        at = vma.end();
      }
      // Each page has a reference, or this throws.
      FileRange range = new FileRange(pma.fileOffset(), pma.fileOffset() + pma.byteCount());
      space.file.incRef(range);
      space.file.decRef(range);
      before = pma;
    }
    for (PageOrigin origin : PageOrigin.values()) {
      assertEquals(resident[origin.index()], space.pmas.residentBytes(origin));
    }
  }

  /** The table says nothing that the truth does not say. */
  private static void table(Space space) {
    for (Vma vma = space.vmas.tree().first(); vma != null; vma = vma.next()) {
      long from = Math.max(vma.start(), vma.end() - (64L << 20));
      for (long at = from; at < vma.end(); at += Addr.PAGE_SIZE) {
        long entry = space.table.get(Addr.pageNumber(at));
        if (entry == PageEntry.NONE) {
          continue;
        }
        Pma pma = space.pmas.tree().find(at);
        assertNotNull(pma, () -> "an entry without pages");
        assertEquals(pma.fileOffsetAt(at), PageEntry.offset(entry));
        long flags = entry - PageEntry.offset(entry);
        long allowed = Space.entryFlags(vma, pma);
        assertEquals(flags, flags & allowed, "flags of the entry of 0x%x".formatted(at));
      }
      assertGap(space, vma.end());
    }
  }

  private static void assertGap(Space space, long end) {
    Vma after = space.vmas.tree().lowerBound(end);
    long stop = after == null ? end + 16 * Addr.PAGE_SIZE : after.start();
    stop = Math.min(Math.min(stop, end + 512 * Addr.PAGE_SIZE), space.layout.maxAddress());
    for (long at = end; at < stop; at += Addr.PAGE_SIZE) {
      assertEquals(PageEntry.NONE, space.table.get(Addr.pageNumber(at)));
    }
  }

  /** The guest sees nothing that the truth does not say. */
  private static void guest(Space space) {
    AddressSpace addressSpace =
        space.addressSpace instanceof RefusingPlatform.Refusing refusing
            ? refusing.guest()
            : space.addressSpace;
    if (!(addressSpace instanceof InProcessAddressSpace guest)) {
      return;
    }
    for (FileMapping mapping : guest.mappings()) {
      long offset = mapping.range().start();
      long start = mapping.address();
      for (long at = start; at < start + mapping.range().byteCount(); at += Addr.PAGE_SIZE) {
        Pma pma = space.pmas.tree().find(at);
        Vma vma = space.vmas.tree().find(at);
        String where = "guest mapping of 0x%x".formatted(at);
        assertNotNull(pma, where);
        assertNotNull(vma, where);
        assertEquals(pma.fileOffsetAt(at), offset + (at - start), where);
        assertTrue(pma.isInAddressSpace(), where);
        assertTrue(vma.attributes().effectiveAccess().contains(mapping.access()), where);
        assertFalse(pma.isCopyOnWrite() && mapping.access().canWrite(), where);
      }
    }
  }
}
