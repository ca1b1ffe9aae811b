package org.usermem.block;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Blocks of text for tests. */
final class Blocks {

  private Blocks() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static BlockSeq of(String... texts) {
    List<MemorySegment> blocks =
        Stream.of(texts).map(text -> MemorySegment.ofArray(bytes(text))).toList();
    return BlockSeq.of(blocks);
  }

  /** A sequence of so many blocks of one byte. */
  static BlockSeq single(int blockCount) {
    MemorySegment memory = MemorySegment.ofArray(new byte[blockCount]);
    MemorySegment[] blocks = new MemorySegment[blockCount];
    for (int i = 0; i < blockCount; i++) {
      blocks[i] = memory.asSlice(i, 1);
    }
    return BlockSeq.ofArray(blocks, blockCount);
  }

  static String text(BlockSeq blocks) {
    byte[] bytes = new byte[(int) blocks.numBytes()];
    blocks.copyTo(MemorySegment.ofArray(bytes));
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
