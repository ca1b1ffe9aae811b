package org.usermem.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AddrRangeSeq;

class BlockSeqTest {

  private static MemorySegment bytes(String text) {
    return MemorySegment.ofArray(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static BlockSeq blocks(String... texts) {
    return BlockSeq.of(List.of(texts).stream().map(BlockSeqTest::bytes).toList());
  }

  private static String text(BlockSeq blocks) {
    byte[] bytes = new byte[(int) blocks.numBytes()];
    assertEquals(bytes.length, blocks.copyTo(MemorySegment.ofArray(bytes)));
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void theEmptySequenceHasNoBlocks() {
    BlockSeq empty = BlockSeq.empty();
    assertTrue(empty.isEmpty());
    assertEquals(0, empty.blockCount());
    assertEquals(List.of(), empty.blocks());
    assertEquals(0, empty.zero());
    assertEquals(0, empty.copyFrom(bytes("a")));
    assertThrows(IndexOutOfBoundsException.class, empty::head);
    assertThrows(IndexOutOfBoundsException.class, empty::tail);
    assertTrue(BlockSeq.of(List.of()).isEmpty());
    assertTrue(BlockSeq.of(bytes("")).isEmpty());
  }

  @Test
  void emptyBlocksDoNotShow() {
    BlockSeq seq = blocks("", "ab", "", "", "c", "");
    assertEquals(2, seq.blockCount());
    assertEquals("[2 1]", seq.toString());
    assertEquals("ab", text(BlockSeq.of(seq.head())));
    assertEquals("c", text(BlockSeq.of(seq.tail().head())));
    assertTrue(seq.tail().tail().isEmpty());
    assertEquals("abc", text(seq));
  }

  @Test
  void headAndTailKeepToWhatWasDroppedAndTaken() {
    BlockSeq seq = blocks("abcd", "", "efgh").dropFirst(1).takeFirst(5);
    assertEquals("bcdef", text(seq));
    assertEquals("bcd", text(BlockSeq.of(seq.head())));
    assertEquals("ef", text(seq.tail()));
    assertEquals("ef", text(BlockSeq.of(seq.tail().head())));
    assertEquals("bc", text(BlockSeq.of(seq.takeFirst(2).head())));
    assertTrue(seq.takeFirst(2).tail().isEmpty());
    assertEquals("[3 2]", seq.toString());
    assertEquals(2, seq.blockCount());
  }

  @Test
  void droppingAndTakingMoreThanThereIsIsFine() {
    BlockSeq seq = blocks("ab", "cd");
    assertTrue(seq.dropFirst(4).isEmpty());
    assertTrue(seq.dropFirst(Long.MAX_VALUE).isEmpty());
    assertSame(seq, seq.takeFirst(4));
    assertSame(seq, seq.takeFirst(5));
    assertTrue(seq.takeFirst(0).isEmpty());
    assertEquals("cd", text(seq.dropFirst(2)));
    assertThrows(IllegalArgumentException.class, () -> seq.dropFirst(-1));
    assertThrows(IllegalArgumentException.class, () -> seq.takeFirst(-1));
  }

  @Test
  void anArrayMayBeLongerThanTheBlocks() {
    MemorySegment[] array = {bytes("ab"), bytes("cd"), bytes("ef")};
    assertEquals("abcd", text(BlockSeq.ofArray(array, 2)));
    assertEquals("", text(BlockSeq.ofArray(array, 0)));
    assertThrows(IllegalArgumentException.class, () -> BlockSeq.ofArray(array, 4));
    assertThrows(IllegalArgumentException.class, () -> BlockSeq.ofArray(array, -1));
  }

  @Test
  void blocksCanBePartsOfOneSegment() {
    MemorySegment memory = bytes("abcdefgh");
    AddrRangeSeq offsets = AddrRangeSeq.ofPairs(new long[] {6, 2, 100, 0, 0, 3}, 3);
    BlockSeq seq = BlockSeq.of(memory, offsets);
    assertEquals("ghabc", text(seq));
    assertEquals("[2 3]", seq.toString());
    assertEquals(5, BlockSeq.of(bytes("01234")).copyFrom(seq));
    assertEquals("bc", text(seq.dropFirst(3)));
    assertEquals("cde", text(BlockSeq.of(memory, 2, 3)));
    assertEquals("de", text(BlockSeq.of(memory, 2, 3).dropFirst(1)));
    assertEquals(4, seq.copyFrom(bytes("wxyz")));
    assertEquals("yzcdefwx", text(BlockSeq.of(memory)));
    assertEquals(5, seq.zero());
    assertEquals("\0\0\0def\0\0", text(BlockSeq.of(memory)));
  }

  @Test
  void partsOutsideTheSegmentAreRefusedWhenTheyAreUsed() {
    MemorySegment memory = bytes("abcdefgh");
    for (AddrRangeSeq outside :
        List.of(AddrRangeSeq.of(6, 3), AddrRangeSeq.of(9, 1), AddrRangeSeq.of(-5, 1))) {
      BlockSeq seq = BlockSeq.of(memory, outside);
      assertThrows(IndexOutOfBoundsException.class, seq::head);
      assertThrows(IndexOutOfBoundsException.class, seq::zero);
      assertThrows(IndexOutOfBoundsException.class, () -> seq.copyTo(bytes("........")));
      assertThrows(IndexOutOfBoundsException.class, () -> seq.copyFrom(bytes("........")));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> BlockSeq.of(memory, 7, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> BlockSeq.of(memory, -1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> BlockSeq.of(memory, 0, -1));
  }

  @Test
  void theSumOfBlocksIsAtMostTwoToThe63() {
    MemorySegment huge = MemorySegment.NULL;
    assertEquals(0, BlockSeq.ofArray(new MemorySegment[] {huge, huge}, 2).numBytes());
  }

  @Test
  void aCopyMovesWhatTheShorterSideHas() {
    byte[] bytes = "........".getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment memory = MemorySegment.ofArray(bytes);
    BlockSeq dst = BlockSeq.of(List.of(memory.asSlice(0, 1), memory.asSlice(3, 4)));
    assertEquals(3, dst.copyFrom(blocks("ab", "c")));
    assertArrayEquals("a..bc...".getBytes(StandardCharsets.ISO_8859_1), bytes);
    assertEquals(5, blocks("vwx", "yz", "!").copyTo(dst));
    assertArrayEquals("v..wxyz.".getBytes(StandardCharsets.ISO_8859_1), bytes);
    assertEquals(0, dst.copyFrom(BlockSeq.empty()));
  }

  @Test
  void aCopyOfASegmentTakesAPartOfIt() {
    BlockSeq seq = blocks("....", "....");
    assertEquals(5, seq.copyFrom(bytes("abcdefgh"), 2, 5));
    assertEquals("cdefg...", text(seq));
    MemorySegment dst = bytes("--------");
    assertEquals(6, seq.copyTo(dst, 1, 6));
    assertEquals("-cdefg.-", text(BlockSeq.of(dst)));
    assertEquals(8, seq.copyFrom(bytes("0123456789")));
    assertEquals("01234567", text(seq));
    assertThrows(IndexOutOfBoundsException.class, () -> seq.copyFrom(dst, 4, 5));
    assertThrows(IndexOutOfBoundsException.class, () -> seq.copyTo(dst, 4, 5));
    assertThrows(IndexOutOfBoundsException.class, () -> seq.copyTo(dst, 0, -1));
  }

  @Test
  void blocksThatOverlapOneAnotherAreCopiedRight() {
    MemorySegment memory = bytes("abcdefgh");
    BlockSeq.of(memory.asSlice(2)).copyFrom(BlockSeq.of(memory.asSlice(0, 6)));
    assertEquals("ababcdef", text(BlockSeq.of(memory)));
    MemorySegment other = bytes("abcdefgh");
    BlockSeq.of(other.asSlice(0, 6)).copyFrom(other.asSlice(2));
    assertEquals("cdefghgh", text(BlockSeq.of(other)));
  }

  @Test
  void zeroReachesTheBlocksAndNothingElse() {
    byte[] bytes = "abcdefgh".getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment memory = MemorySegment.ofArray(bytes);
    BlockSeq seq =
        BlockSeq.of(List.of(memory.asSlice(1, 2), memory.asSlice(5, 2))).dropFirst(1).takeFirst(2);
    assertEquals(2, seq.zero());
    assertArrayEquals("ab\0de\0gh".getBytes(StandardCharsets.ISO_8859_1), bytes);
  }

  @Test
  void readOnlyBlocksAreTheSameAndCannotBeWritten() {
    MemorySegment memory = bytes("abcd");
    List<BlockSeq> shapes =
        List.of(
            BlockSeq.of(memory),
            BlockSeq.of(List.of(memory.asSlice(0, 2), memory.asSlice(2))),
            BlockSeq.of(memory, AddrRangeSeq.ofPairs(new long[] {0, 1, 1, 3}, 2)));
    for (BlockSeq shape : shapes) {
      BlockSeq readOnly = shape.dropFirst(1).asReadOnly();
      assertEquals("bcd", text(readOnly));
      assertThrows(IllegalArgumentException.class, readOnly::zero);
      assertEquals("bcd", text(readOnly.asReadOnly()));
      assertTrue(readOnly.head().isReadOnly());
    }
    BlockSeq once = BlockSeq.of(memory).asReadOnly();
    assertSame(once, once.asReadOnly());
  }

  @Test
  void aReaderCannotSayThatItMovedMoreThanThereIs() {
    BlockSeq seq = blocks("abc");
    assertEquals(0, seq.requireMovable(0));
    assertEquals(3, seq.requireMovable(3));
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> seq.requireMovable(4));
    assertEquals("a reader or writer of 3 bytes says that it moved 4", e.getMessage());
    assertThrows(IllegalStateException.class, () -> seq.requireMovable(-1));
  }

  @Test
  void blocksOfAClosedArenaAreUseless() {
    BlockSeq kept;
    try (Arena arena = Arena.ofConfined()) {
      kept = BlockSeq.of(arena.allocate(8));
      assertEquals(8, kept.zero());
    }
    assertThrows(IllegalStateException.class, kept::zero);
    assertThrows(IllegalStateException.class, () -> kept.copyTo(bytes("abc")));
  }
}
