package org.usermem.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockReaders;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriters;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.Generation;
import org.usermem.sequence.IOSequence;
import org.usermem.sequence.Sink;
import org.usermem.sequence.SinkWriter;
import org.usermem.sequence.Source;
import org.usermem.sequence.SourceReader;

class IOSequencesTest {

  private static final IOOpts OPTS = IOOpts.DEFAULT;

  private final byte[] bytes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  private final BytesIO io = BytesIO.of(bytes);
  private final AddrRangeSeq ranges = AddrRangeSeq.ofPairs(new long[] {6, 3, 50, 0, 1, 2}, 3);

  @Test
  void aSourceGivesTheBytesOfItsRanges() {
    Source source = IOSequences.source(io, ranges, OPTS);
    assertEquals(5, source.numBytes());
    assertFalse(source.isEmpty());
    assertArrayEquals(new byte[] {6, 7, 8, 1, 2}, source.copyInBytes(100));
    assertArrayEquals(new byte[] {8, 1}, source.dropFirst(2).takeFirst(2).copyInBytes(100));
    assertEquals("source of " + ranges, source.toString());
  }

  @Test
  void aSinkTakesBytesToItsRanges() {
    Sink sink = IOSequences.sink(io, ranges, OPTS);
    assertEquals(5, sink.numBytes());
    assertEquals(5, sink.copyOut(new byte[] {50, 51, 52, 53, 54, 55}));
    assertArrayEquals(new byte[] {0, 53, 54, 3, 4, 5, 50, 51, 52, 9}, bytes);
    assertEquals(2, sink.dropFirst(1).takeFirst(2).zeroOut(9));
    assertArrayEquals(new byte[] {0, 53, 54, 3, 4, 5, 50, 0, 0, 9}, bytes);
    assertEquals("sink over " + ranges, sink.toString());
  }

  @Test
  void bytesThatMayBeTakenAwayGoToMemoryThatKnowsGenerations() {
    Generation generation = new Generation();
    long seen = generation.current();
    assertTrue(generation.isCurrent(seen));
    MemorySegment src = MemorySegment.ofArray(new byte[] {60, 61});
    Sink unaware = IOSequences.sink(io, ranges, OPTS);
    assertEquals(0, unaware.copyOutWhile(src, 0, 2, generation, seen));
    assertEquals(0, Sink.of(bytes).copyOutWhile(src, 0, 2, generation, seen));
    assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, bytes);
    generation.end();
    assertFalse(generation.isCurrent(seen));
    assertTrue(generation.isCurrent(generation.current()));
  }

  @Test
  void oneRangeNeedsNoSequence() {
    assertArrayEquals(new byte[] {4, 5}, IOSequences.source(io, 4, 2, OPTS).copyInBytes(9));
    assertEquals(2, IOSequences.sink(io, 4, 2, OPTS).zeroOut(9));
    assertArrayEquals(new byte[] {0, 1, 2, 3, 0, 0, 6, 7, 8, 9}, bytes);
  }

  @Test
  void aSequenceOfZeroBytesIsEmptyThoughItHasRanges() {
    Source source = IOSequences.source(io, AddrRangeSeq.of(50, 0), OPTS);
    assertTrue(source.isEmpty());
    assertEquals(0, source.copyIn(new byte[3]));
    assertEquals(0, source.copyInTo(BlockWriters.discarding()));
    assertEquals(0, IOSequences.sink(io, AddrRangeSeq.empty(), OPTS).copyOut(new byte[3]));
  }

  @Test
  void blocksOfASourceAreReadOnly() {
    Source source = IOSequences.source(io, ranges, OPTS);
    assertThrows(IllegalArgumentException.class, () -> source.copyInTo(BlockSeq::zero));
  }

  @Test
  void optionsReachTheIO() {
    IOOpts[] seen = {IOOpts.DEFAULT};
    IO spy =
        new ForwardingIO(io) {
          @Override
          public long copyIn(
              long addr, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts) {
            seen[0] = opts;
            return super.copyIn(addr, dst, dstOffset, byteCount, opts);
          }
        };
    IOSequences.source(spy, ranges, IOOpts.IGNORE_PERMISSIONS).takeFirst(1).copyInBytes(1);
    assertSame(IOOpts.IGNORE_PERMISSIONS, seen[0]);
  }

  @Test
  void noSequenceShowsTheIOBehindIt() {
    List<Class<?>> seen =
        Stream.of(IOSequence.class, Source.class, Sink.class, SourceReader.class, SinkWriter.class)
            .flatMap(type -> Stream.of(type.getMethods()))
            .flatMap(
                method ->
                    Stream.concat(
                        Stream.of(method.getReturnType()), Stream.of(method.getParameterTypes())))
            .<Class<?>>map(type -> type)
            .filter(type -> type.getPackageName().equals("org.usermem.io"))
            .toList();
    assertEquals(List.of(), seen);
    assertFalse(Modifier.isPublic(IOSequences.source(io, ranges, OPTS).getClass().getModifiers()));
  }

  @Test
  void cursorsGoOnWhereTheyEnded() {
    SourceReader reader = IOSequences.source(io, ranges, OPTS).reader();
    byte[] two = new byte[2];
    assertEquals(2, reader.read(two));
    assertArrayEquals(new byte[] {6, 7}, two);
    assertEquals(3, reader.remaining());
    assertEquals(2, reader.read(two));
    assertArrayEquals(new byte[] {8, 1}, two);
    assertEquals(1, reader.read(two));
    assertEquals(0, reader.read(two));
    SinkWriter writer = IOSequences.sink(io, ranges, OPTS).writer();
    assertEquals(2, writer.write(new byte[] {50, 51}));
    assertEquals(1, writer.zero(1));
    assertEquals(
        2,
        writer.writeFrom(
            BlockReaders.from(BlockSeq.of(MemorySegment.ofArray(new byte[] {60, 61, 62})))));
    assertEquals(0, writer.write(two));
    assertArrayEquals(new byte[] {0, 60, 61, 3, 4, 5, 50, 51, 0, 9}, bytes);
  }

  @Test
  void aCursorStaysBeforeTheFault() {
    FaultingIO faulting = new FaultingIO(bytes).faultAt(8);
    SourceReader reader = IOSequences.source(faulting, ranges, OPTS).reader();
    byte[] dst = new byte[5];
    assertEquals(2, reader.read(dst));
    for (int i = 0; i < 2; i++) {
      LinuxException e = assertThrows(LinuxException.class, () -> reader.read(dst));
      assertSame(Errno.EFAULT, e.errno());
      assertEquals(3, reader.remaining());
    }
    assertThrows(LinuxException.class, () -> reader.readTo(BlockWriters.discarding()));
    assertEquals(3, reader.remaining());
    SinkWriter writer = IOSequences.sink(faulting, ranges, OPTS).writer();
    assertEquals(2, writer.zero(5));
    assertThrows(LinuxException.class, () -> writer.zero(1));
    assertEquals(3, writer.remaining());
  }
}
