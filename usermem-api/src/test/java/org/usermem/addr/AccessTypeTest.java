package org.usermem.addr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AccessTypeTest {

  @Test
  void bitsAreThoseOfMmap() {
    assertEquals(0, AccessType.NONE.bits());
    assertEquals(1, AccessType.READ.bits());
    assertEquals(2, AccessType.WRITE.bits());
    assertEquals(3, AccessType.READ_WRITE.bits());
    assertEquals(4, AccessType.EXECUTE.bits());
    assertEquals(5, AccessType.READ_EXECUTE.bits());
    assertEquals(6, AccessType.WRITE_EXECUTE.bits());
    assertEquals(7, AccessType.ANY.bits());
  }

  @Test
  void everySetComesBackFromItsBits() {
    for (AccessType type : AccessType.values()) {
      assertSame(type, AccessType.of(type.bits()));
      assertEquals((type.bits() & 1) != 0, type.canRead());
      assertEquals((type.bits() & 2) != 0, type.canWrite());
      assertEquals((type.bits() & 4) != 0, type.canExecute());
    }
  }

  @Test
  void otherBitsAreRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> AccessType.of(0x1000001));
    assertTrue(e.getMessage().contains("0x1000001"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> AccessType.of(8));
    assertThrows(IllegalArgumentException.class, () -> AccessType.of(-1));
  }

  @Test
  void operationsAreThoseOfSets() {
    for (AccessType left : AccessType.values()) {
      for (AccessType right : AccessType.values()) {
        assertEquals(left.bits() | right.bits(), left.union(right).bits());
        assertEquals(left.bits() & right.bits(), left.intersect(right).bits());
        assertEquals(left.bits() & ~right.bits(), left.without(right).bits());
        assertEquals((right.bits() & ~left.bits()) == 0, left.contains(right));
      }
    }
    assertFalse(AccessType.READ.contains(AccessType.READ_WRITE));
  }

  @Test
  void whatCanBeWrittenOrExecutedCanBeRead() {
    assertSame(AccessType.NONE, AccessType.NONE.effective());
    assertSame(AccessType.READ, AccessType.READ.effective());
    assertSame(AccessType.READ_WRITE, AccessType.WRITE.effective());
    assertSame(AccessType.READ_EXECUTE, AccessType.EXECUTE.effective());
    assertSame(AccessType.ANY, AccessType.WRITE_EXECUTE.effective());
  }

  @Test
  void textIsThatOfProcMaps() {
    assertEquals("---", AccessType.NONE.toString());
    assertEquals("r-x", AccessType.READ_EXECUTE.toString());
    assertEquals("-w-", AccessType.WRITE.toString());
  }
}
