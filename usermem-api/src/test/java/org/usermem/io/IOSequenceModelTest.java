package org.usermem.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.usermem.addr.AddrRange;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockReaders;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriters;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** A sequence over memory with holes behaves as the list of its addresses, up to the first hole. */
class IOSequenceModelTest {

  private static final int SIZE = 48;

  /** Ranges, a hole, and what is dropped and taken. */
  record Case(List<AddrRange> ranges, AddrRange hole, int dropped, int taken) {

    FaultingIO memory() {
      byte[] bytes = new byte[SIZE];
      for (int i = 0; i < SIZE; i++) {
        bytes[i] = (byte) (i + 1);
      }
      return new FaultingIO(bytes).unmap((int) hole.start(), (int) hole.end());
    }

    Source source(IO io) {
      return IOSequences.source(io, AddrRangeSeq.of(ranges), IOOpts.DEFAULT)
          .dropFirst(dropped)
          .takeFirst(taken);
    }

    Sink sink(IO io) {
      return IOSequences.sink(io, AddrRangeSeq.of(ranges), IOOpts.DEFAULT)
          .dropFirst(dropped)
          .takeFirst(taken);
    }

    int[] addresses() {
      List<Integer> addresses = new ArrayList<>();
      for (AddrRange range : ranges) {
        for (long addr = range.start(); addr < range.end(); addr++) {
          addresses.add((int) addr);
        }
      }
      return addresses.stream().skip(dropped).limit(taken).mapToInt(Integer::intValue).toArray();
    }

    /** How many bytes are there before the first hole. */
    int accessible(FaultingIO io) {
      int[] addresses = addresses();
      int n = 0;
      while (n < addresses.length && io.isAccessible(addresses[n])) {
        n++;
      }
      return n;
    }
  }

  @Provide
  Arbitrary<Case> cases() {
    Arbitrary<AddrRange> range =
        Combinators.combine(
                Arbitraries.longs().between(0, SIZE), Arbitraries.longs().between(0, 10))
            .as(AddrRange::of);
    Arbitrary<AddrRange> hole =
        Combinators.combine(Arbitraries.longs().between(0, SIZE), Arbitraries.of(0L, 0L, 1L, 5L))
            .as(AddrRange::of);
    return Combinators.combine(
            range.list().ofMaxSize(6),
            hole,
            Arbitraries.integers().between(0, 12),
            Arbitraries.integers().between(0, 60))
        .as(Case::new)
        .withoutEdgeCases();
  }

  /** Checks a count: what could move of what was wanted, or a fault. */
  private static void assertMoved(int wanted, int accessible, LongSupplier copy) {
    if (wanted != 0 && accessible == 0) {
      assertSame(Errno.EFAULT, assertThrows(LinuxException.class, copy::getAsLong).errno());
    } else {
      assertEquals(Math.min(wanted, accessible), copy.getAsLong());
    }
  }

  private static byte[] pattern() {
    byte[] bytes = new byte[64];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (100 + i);
    }
    return bytes;
  }

  @Property(seed = "1")
  void copyInIsThatOfTheAddresses(
      @ForAll("cases") Case c, @ForAll @IntRange(max = 64) int byteCount) {
    FaultingIO io = c.memory();
    Source source = c.source(io);
    int[] addresses = c.addresses();
    assertEquals(addresses.length, source.numBytes());
    int wanted = Math.min(byteCount, addresses.length);
    int n = Math.min(wanted, c.accessible(io));
    byte[] expected = pattern();
    for (int i = 0; i < n; i++) {
      expected[i] = io.bytes[addresses[i]];
    }
    byte[] dst = pattern();
    assertMoved(wanted, n, () -> source.copyIn(dst, 0, byteCount));
    assertArrayEquals(expected, dst);
    byte[] other = pattern();
    BlockSeq blocks = BlockSeq.of(MemorySegment.ofArray(other), 0, byteCount);
    assertMoved(wanted, n, () -> source.reader().readToBlocks(blocks));
    assertArrayEquals(expected, other);
  }

  @Property(seed = "1")
  void copyInToIsThatOfTheAddresses(@ForAll("cases") Case c, @ForAll @IntRange(max = 64) int room) {
    FaultingIO io = c.memory();
    int[] addresses = c.addresses();
    int accessible = c.accessible(io);
    int n = Math.min(room, accessible);
    byte[] expected = pattern();
    for (int i = 0; i < n; i++) {
      expected[i] = io.bytes[addresses[i]];
    }
    byte[] dst = pattern();
    BlockSeq blocks = BlockSeq.of(MemorySegment.ofArray(dst), 0, room);
    LongSupplier copy = () -> c.source(io).copyInTo(BlockWriters.to(blocks));
    if (addresses.length != 0 && accessible == 0) {
      assertThrows(LinuxException.class, copy::getAsLong);
    } else {
      assertEquals(n, copy.getAsLong());
    }
    assertArrayEquals(expected, dst);
  }

  @Property(seed = "1")
  void copyOutIsThatToTheAddresses(
      @ForAll("cases") Case c, @ForAll @IntRange(max = 64) int byteCount) {
    FaultingIO io = c.memory();
    int wanted = Math.min(byteCount, c.addresses().length);
    int n = Math.min(wanted, c.accessible(io));
    byte[] expected = written(c, pattern(), n);
    assertMoved(wanted, n, () -> c.sink(io).copyOut(pattern(), 0, byteCount));
    assertArrayEquals(expected, io.bytes);
    FaultingIO other = c.memory();
    BlockSeq blocks = BlockSeq.of(MemorySegment.ofArray(pattern()), 0, byteCount);
    assertMoved(wanted, n, () -> c.sink(other).writer().writeFromBlocks(blocks));
    assertArrayEquals(expected, other.bytes);
  }

  @Property(seed = "1")
  void copyOutFromIsThatToTheAddresses(
      @ForAll("cases") Case c, @ForAll @IntRange(max = 64) int available) {
    FaultingIO io = c.memory();
    int accessible = c.accessible(io);
    BlockSeq blocks = BlockSeq.of(MemorySegment.ofArray(pattern()), 0, available);
    LongSupplier copy = () -> c.sink(io).copyOutFrom(BlockReaders.from(blocks));
    int n = Math.min(available, accessible);
    if (c.addresses().length != 0 && accessible == 0) {
      assertThrows(LinuxException.class, copy::getAsLong);
    } else {
      assertEquals(n, copy.getAsLong());
    }
    assertArrayEquals(written(c, pattern(), n), io.bytes);
  }

  @Property(seed = "1")
  void zeroOutIsThatOfTheAddresses(
      @ForAll("cases") Case c, @ForAll @IntRange(max = 64) int byteCount) {
    FaultingIO io = c.memory();
    int wanted = Math.min(byteCount, c.addresses().length);
    int n = Math.min(wanted, c.accessible(io));
    assertMoved(wanted, n, () -> c.sink(io).zeroOut(byteCount));
    assertArrayEquals(written(c, new byte[64], n), io.bytes);
  }

  private static byte[] written(Case c, byte[] src, int byteCount) {
    byte[] expected = c.memory().bytes;
    for (int i = 0; i < byteCount; i++) {
      expected[c.addresses()[i]] = src[i];
    }
    return expected;
  }
}
