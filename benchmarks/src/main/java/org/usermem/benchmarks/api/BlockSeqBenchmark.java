package org.usermem.benchmarks.api;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockSeq;

/** Copies of blocks beside plain copies of as many bytes; {@code -prof gc} shows no allocation. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BlockSeqBenchmark {

  private static final int BLOCKS = 8;

  /** The number of bytes copied. */
  @Param({"512", "4096", "65536"})
  int byteCount;

  private final MemorySegment memory = Arena.ofAuto().allocate(1 << 20, 4096);
  // Not at the same place in its page, or the processor takes stores for loads of the other side.
  private final MemorySegment buffer =
      Arena.ofAuto().allocate((1 << 16) + 2048, 4096).asSlice(2048);
  private BlockSeq single = BlockSeq.empty();
  private BlockSeq array = BlockSeq.empty();
  private BlockSeq parts = BlockSeq.empty();
  private BlockSeq whole = BlockSeq.empty();

  /** Makes the blocks, with a gap after each. */
  @Setup
  public void setUp() {
    memory.fill((byte) 1);
    buffer.fill((byte) 2);
    int blockBytes = byteCount / BLOCKS;
    MemorySegment[] segments = new MemorySegment[BLOCKS];
    long[] pairs = new long[2 * BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
      pairs[2 * i] = 2L * i * blockBytes;
      pairs[2 * i + 1] = blockBytes;
      segments[i] = memory.asSlice(pairs[2 * i], blockBytes);
    }
    single = BlockSeq.of(memory, 0, byteCount);
    array = BlockSeq.ofArray(segments, BLOCKS);
    parts = BlockSeq.of(memory, AddrRangeSeq.ofPairs(pairs, BLOCKS));
    whole = BlockSeq.of(buffer, 0, byteCount);
  }

  /** What copies of one block are measured by. */
  @Benchmark
  public void plainCopy() {
    MemorySegment.copy(buffer, 0, memory, 0, byteCount);
  }

  /** What copies to eight blocks are measured by: the same bytes, copied by hand. */
  @Benchmark
  public void plainCopies() {
    int blockBytes = byteCount / BLOCKS;
    for (int i = 0; i < BLOCKS; i++) {
      MemorySegment.copy(buffer, (long) i * blockBytes, memory, 2L * i * blockBytes, blockBytes);
    }
  }

  /** One block to one block. */
  @Benchmark
  public long copyOneBlock() {
    return single.copyFrom(whole);
  }

  /** One block to eight segments. */
  @Benchmark
  public long copyToSegments() {
    return array.copyFrom(whole);
  }

  /** One block to eight parts of a segment. */
  @Benchmark
  public long copyToParts() {
    return parts.copyFrom(whole);
  }

  /** Eight parts of a segment to a buffer. */
  @Benchmark
  public long copyPartsToSegment() {
    return parts.copyTo(buffer, 0, byteCount);
  }

  /** Eight parts, less their first bytes, to a buffer. */
  @Benchmark
  public long dropAndCopy() {
    return parts.dropFirst(8).copyTo(buffer, 0, byteCount);
  }
}
