package org.usermem.addr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AddrTest {

  @Test
  void theLastAddressIsAboveZero() {
    assertTrue(Addr.lessThan(0, -1L));
    assertFalse(Addr.lessThan(-1L, 0));
  }

  @Property
  void roundingDownStaysWithinOnePageBelow(@ForAll long addr) {
    long start = Addr.pageRoundDown(addr);
    assertEquals(0, start & (Addr.PAGE_SIZE - 1));
    assertTrue(Long.compareUnsigned(addr - start, Addr.PAGE_SIZE) < 0);
  }
}
