package org.usermem.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.usermem.addr.AddrRangeSeq;

/** Whatever its shape, a sequence of blocks behaves as the bytes of its blocks in a row. */
class BlockSeqModelTest {

  private static final int MEMORY = 64;

  /** Lengths of gaps and blocks in turn, and how the sequence is made of them. */
  record Shape(List<Integer> lengths, boolean oneSegment, int dropped, int taken) {

    /** (offset, length) pairs. */
    long[] pairs() {
      List<Long> pairs = new ArrayList<>();
      long offset = 0;
      for (int i = 0; i + 1 < lengths.size() && offset < MEMORY; i += 2) {
        long start = Math.min(MEMORY, offset + lengths.get(i));
        long length = Math.min(MEMORY - start, lengths.get(i + 1));
        pairs.add(start);
        pairs.add(length);
        offset = start + length;
      }
      return pairs.stream().mapToLong(Long::longValue).toArray();
    }

    BlockSeq over(MemorySegment memory) {
      long[] pairs = pairs();
      if (oneSegment) {
        return BlockSeq.of(memory, AddrRangeSeq.ofPairs(pairs, pairs.length / 2))
            .dropFirst(dropped)
            .takeFirst(taken);
      }
      List<MemorySegment> blocks = new ArrayList<>();
      for (int i = 0; i < pairs.length; i += 2) {
        blocks.add(memory.asSlice(pairs[i], pairs[i + 1]));
      }
      return BlockSeq.of(blocks).dropFirst(dropped).takeFirst(taken);
    }

    /** The offsets in memory of the bytes of the sequence. */
    int[] offsets() {
      long[] pairs = pairs();
      List<Integer> offsets = new ArrayList<>();
      for (int i = 0; i < pairs.length; i += 2) {
        for (int k = 0; k < pairs[i + 1]; k++) {
          offsets.add((int) pairs[i] + k);
        }
      }
      return offsets.stream().skip(dropped).limit(taken).mapToInt(Integer::intValue).toArray();
    }
  }

  @Provide
  Arbitrary<Shape> shapes() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 12).list().ofMaxSize(12),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, 20),
            Arbitraries.integers().between(0, MEMORY))
        .as(Shape::new)
        .withoutEdgeCases();
  }

  private static byte[] memory(int seed) {
    byte[] bytes = new byte[MEMORY];
    for (int i = 0; i < MEMORY; i++) {
      bytes[i] = (byte) (seed + 3 * i);
    }
    return bytes;
  }

  private static byte[] gather(byte[] memory, int[] offsets) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int offset : offsets) {
      bytes.write(memory[offset]);
    }
    return bytes.toByteArray();
  }

  @Property(seed = "1")
  void copiesBetweenSequencesAreThoseOfTheirBytes(
      @ForAll("shapes") Shape to, @ForAll("shapes") Shape from) {
    byte[] dst = memory(1);
    byte[] src = memory(100);
    byte[] expected = dst.clone();
    int n = Math.min(to.offsets().length, from.offsets().length);
    for (int i = 0; i < n; i++) {
      expected[to.offsets()[i]] = src[from.offsets()[i]];
    }
    BlockSeq dstBlocks = to.over(MemorySegment.ofArray(dst));
    BlockSeq srcBlocks = from.over(MemorySegment.ofArray(src));
    assertEquals(n, dstBlocks.copyFrom(srcBlocks));
    assertArrayEquals(expected, dst);
    assertArrayEquals(memory(100), src);
  }

  @Property(seed = "1")
  void copiesWithASegmentAreThoseOfTheBytes(
      @ForAll("shapes") Shape shape,
      @ForAll @Size(value = MEMORY) byte[] other,
      @ForAll @IntRange(max = 40) int offset,
      @ForAll @IntRange(max = 24) int byteCount) {
    byte[] memory = memory(7);
    BlockSeq blocks = shape.over(MemorySegment.ofArray(memory));
    byte[] bytes = gather(memory, shape.offsets());
    assertEquals(bytes.length, blocks.numBytes());

    byte[] out = other.clone();
    int n = Math.min(byteCount, bytes.length);
    assertEquals(n, blocks.copyTo(MemorySegment.ofArray(out), offset, byteCount));
    byte[] expectedOut = other.clone();
    System.arraycopy(bytes, 0, expectedOut, offset, n);
    assertArrayEquals(expectedOut, out);

    assertEquals(n, blocks.copyFrom(MemorySegment.ofArray(other), offset, byteCount));
    byte[] expected = memory(7);
    for (int i = 0; i < n; i++) {
      expected[shape.offsets()[i]] = other[offset + i];
    }
    assertArrayEquals(expected, memory);
  }

  @Property(seed = "1")
  void zeroIsThatOfTheBytes(@ForAll("shapes") Shape shape) {
    byte[] memory = memory(1);
    byte[] expected = memory.clone();
    for (int offset : shape.offsets()) {
      expected[offset] = 0;
    }
    assertEquals(shape.offsets().length, shape.over(MemorySegment.ofArray(memory)).zero());
    assertArrayEquals(expected, memory);
  }

  @Property(seed = "1")
  void blocksInARowAreTheBytes(@ForAll("shapes") Shape shape) {
    byte[] memory = memory(1);
    BlockSeq blocks = shape.over(MemorySegment.ofArray(memory));
    byte[] expected = gather(memory, shape.offsets());
    assertArrayEquals(expected, concat(blocks.blocks()));
    assertEquals(blocks.blocks().size(), blocks.blockCount());
    List<MemorySegment> walked = new ArrayList<>();
    for (BlockSeq rest = blocks; !rest.isEmpty(); rest = rest.tail()) {
      walked.add(rest.head());
    }
    assertArrayEquals(expected, concat(walked));
    assertEquals(blocks.blockCount(), walked.size());
    assertArrayEquals(expected, concat(blocks.asReadOnly().blocks()));
  }

  @Property(seed = "1")
  void droppingInStepsIsDroppingAtOnce(
      @ForAll("shapes") Shape shape,
      @ForAll @IntRange(max = 15) int first,
      @ForAll @IntRange(max = 15) int second) {
    byte[] memory = memory(1);
    BlockSeq blocks = shape.over(MemorySegment.ofArray(memory));
    byte[] all = gather(memory, shape.offsets());
    int dropped = Math.min(all.length, first + second);
    assertArrayEquals(
        Arrays.copyOfRange(all, dropped, all.length),
        concat(blocks.dropFirst(first).dropFirst(second).blocks()));
    assertArrayEquals(
        Arrays.copyOf(all, Math.min(all.length, Math.min(first, second))),
        concat(blocks.takeFirst(first).takeFirst(second).blocks()));
  }

  private static byte[] concat(List<MemorySegment> blocks) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (MemorySegment block : blocks) {
      for (long i = 0; i < block.byteSize(); i++) {
        bytes.write(block.get(ValueLayout.JAVA_BYTE, i));
      }
    }
    return bytes.toByteArray();
  }
}
