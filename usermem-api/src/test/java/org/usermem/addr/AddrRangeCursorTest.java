package org.usermem.addr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AddrRangeCursorTest {

  private static final AddrRangeSeq SEQ =
      AddrRangeSeq.of(
          List.of(
              new AddrRange(7, 7),
              new AddrRange(10, 14),
              new AddrRange(8, 8),
              new AddrRange(20, 22)));

  @Test
  void rangesOfZeroLengthArePassedOver() {
    AddrRangeCursor cursor = SEQ.cursor();
    assertEquals(10, cursor.start());
    assertEquals(4, cursor.byteCount());
    cursor.advance(4);
    assertEquals(20, cursor.start());
    assertEquals(2, cursor.byteCount());
  }

  @Test
  void aStepMayLeadIntoALaterRange() {
    AddrRangeCursor cursor = SEQ.cursor();
    cursor.advance(5);
    assertEquals(21, cursor.start());
    assertEquals(1, cursor.byteCount());
    assertEquals(1, cursor.remaining());
    assertFalse(cursor.isAtEnd());
    cursor.advance(1);
    assertTrue(cursor.isAtEnd());
    assertEquals(0, cursor.byteCount());
    cursor.advance(0);
  }

  @Test
  void aStepBeyondTheEndIsRefused() {
    AddrRangeCursor cursor = SEQ.cursor();
    assertThrows(IllegalArgumentException.class, () -> cursor.advance(7));
    assertThrows(IllegalArgumentException.class, () -> cursor.advance(-1));
    cursor.advance(6);
    assertThrows(IllegalArgumentException.class, () -> cursor.advance(1));
  }

  @Test
  void aSequenceWithoutBytesIsAtItsEnd() {
    assertTrue(AddrRangeSeq.empty().cursor().isAtEnd());
    assertTrue(AddrRangeSeq.of(5, 0).cursor().isAtEnd());
    assertEquals(0, AddrRangeSeq.of(5, 0).cursor().remaining());
  }
}
