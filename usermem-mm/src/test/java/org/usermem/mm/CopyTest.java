package org.usermem.mm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.mm.Memory.PAGE;
import static org.usermem.mm.Memory.anonymousAt;
import static org.usermem.mm.Memory.assertErrno;
import static org.usermem.mm.Memory.pattern;
import static org.usermem.mm.Memory.read;
import static org.usermem.mm.Memory.segment;
import static org.usermem.mm.Memory.write;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRange;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockSeq;
import org.usermem.errno.Errno;
import org.usermem.io.AtomicOp;
import org.usermem.io.IOOpts;
import org.usermem.memmap.Generation;
import org.usermem.memmap.LentRanges;
import org.usermem.memmap.MemoryFile;
import org.usermem.memmap.RangeReader;
import org.usermem.mm.epoch.Epochs;

class CopyTest {

  private static final long BASE = 0x400000000L;

  private final Memory memory = new Memory();
  private final MemoryManager mm = memory.manager();

  @AfterEach
  void close() {
    memory.close();
  }

  @Test
  void shortCountAtEachByteOfAPageThatEnds() {
    mm.mmap(anonymousAt(BASE, PAGE).build());
    for (int offset = 4000; offset < PAGE; offset += 7) {
      byte[] bytes = pattern(200, offset);
      int expected = (int) Math.min(200, PAGE - offset);
      assertEquals(expected, mm.copyOut(BASE + offset, segment(bytes), IOOpts.DEFAULT));
      byte[] back = new byte[200];
      assertEquals(expected, mm.copyIn(BASE + offset, segment(back), IOOpts.DEFAULT));
      for (int i = 0; i < 200; i++) {
        assertEquals(i < expected ? bytes[i] : 0, back[i]);
      }
    }
  }

  @Test
  void copyAcrossManyPagesAndAreas() {
    mm.mmap(anonymousAt(BASE, 300 * PAGE).build());
    for (int i = 0; i < 300; i += 3) {
      mm.mprotect(BASE + i * PAGE, PAGE, AccessType.ANY, false);
    }
    byte[] bytes = pattern((int) (300 * PAGE) - 77, 5);
    write(mm, BASE + 33, bytes);
    assertArrayEquals(bytes, read(mm, BASE + 33, bytes.length));
    assertEquals(bytes.length, mm.zeroOut(BASE + 33, bytes.length, IOOpts.DEFAULT));
    assertArrayEquals(new byte[bytes.length], read(mm, BASE + 33, bytes.length));
  }

  @Test
  void rangeBeyondUserAddressesIsRefusedWhole() {
    long end = mm.layout().maxAddress();
    mm.mmap(anonymousAt(end - PAGE, PAGE).build());
    assertErrno(Errno.EFAULT, () -> mm.copyIn(end - 1, segment(new byte[2]), IOOpts.DEFAULT));
    assertErrno(Errno.EFAULT, () -> mm.copyIn(-1, segment(new byte[1]), IOOpts.DEFAULT));
    assertErrno(Errno.EFAULT, () -> mm.copyIn(1L << 63, segment(new byte[1]), IOOpts.DEFAULT));
    assertErrno(Errno.EFAULT, () -> mm.copyOut(1L << 47, segment(new byte[1]), IOOpts.DEFAULT));
    assertEquals(1, mm.copyIn(end - 1, segment(new byte[1]), IOOpts.DEFAULT));
    assertEquals(0, mm.copyIn(BASE, segment(new byte[0]), IOOpts.DEFAULT));
  }

  @Test
  void boundsOfSegmentsAreChecked() {
    mm.mmap(anonymousAt(BASE, PAGE).build());
    MemorySegment small = segment(new byte[8]);
    assertThrows(
        IndexOutOfBoundsException.class, () -> mm.copyIn(BASE, small, 4, 5, IOOpts.DEFAULT));
    assertThrows(
        IndexOutOfBoundsException.class, () -> mm.copyOut(BASE, small, 9, 0, IOOpts.DEFAULT));
    assertThrows(
        IndexOutOfBoundsException.class, () -> mm.copyOut(BASE, small, 0, -1, IOOpts.DEFAULT));
    assertThrows(
        IllegalArgumentException.class, () -> mm.copyIn(BASE, small.asReadOnly(), IOOpts.DEFAULT));
  }

  @Test
  void wordsAreAtomicAlignedAndCopiedOnWrite() {
    mm.mmap(anonymousAt(BASE, PAGE).build());
    mm.storeInt(BASE + 4, 7, IOOpts.DEFAULT);
    MemoryManager child = memory.fork(mm);
    assertEquals(7, child.swapInt(BASE + 4, 9, IOOpts.DEFAULT));
    assertEquals(7, mm.loadInt(BASE + 4, IOOpts.DEFAULT));
    assertEquals(9, child.loadInt(BASE + 4, IOOpts.DEFAULT));
    assertEquals(7, mm.compareAndExchangeInt(BASE + 4, 8, 1, IOOpts.DEFAULT));
    assertEquals(7, mm.compareAndExchangeInt(BASE + 4, 7, 1, IOOpts.DEFAULT));
    assertEquals(1, mm.fetchAndApplyInt(BASE + 4, AtomicOp.ADD, 5, IOOpts.DEFAULT));
    assertEquals(6, mm.fetchAndApplyInt(BASE + 4, AtomicOp.XOR, 3, IOOpts.DEFAULT));
    assertEquals(5, mm.fetchAndApplyInt(BASE + 4, AtomicOp.OR, 8, IOOpts.DEFAULT));
    assertEquals(13, mm.fetchAndApplyInt(BASE + 4, AtomicOp.AND, 9, IOOpts.DEFAULT));
    assertEquals(9, mm.loadInt(BASE + 4, IOOpts.DEFAULT));
    mm.storeLong(BASE + 8, 1L << 40, IOOpts.DEFAULT);
    assertEquals(1L << 40, mm.fetchAndApplyLong(BASE + 8, AtomicOp.ADD, 1, IOOpts.DEFAULT));
    assertEquals((1L << 40) + 1, mm.compareAndExchangeLong(BASE + 8, 0, 1, IOOpts.DEFAULT));
    assertEquals((1L << 40) + 1, mm.swapLong(BASE + 8, -1, IOOpts.DEFAULT));
    assertEquals(-1, mm.loadLong(BASE + 8, IOOpts.DEFAULT));
    assertErrno(Errno.EINVAL, () -> mm.loadInt(BASE + 2, IOOpts.DEFAULT));
    assertErrno(Errno.EINVAL, () -> mm.loadLong(BASE + 4, IOOpts.DEFAULT));
    assertErrno(Errno.EFAULT, () -> mm.loadInt(BASE + PAGE, IOOpts.DEFAULT));
    mm.mprotect(BASE, PAGE, AccessType.READ, false);
    assertErrno(Errno.EFAULT, () -> mm.compareAndExchangeInt(BASE + 4, 0, 0, IOOpts.DEFAULT));
    mm.storeInt(BASE + 4, 3, IOOpts.IGNORE_PERMISSIONS);
    assertEquals(3, mm.loadInt(BASE + 4, IOOpts.DEFAULT));
  }

  @Test
  void stringsEndWhereTheirZeroByteIs() {
    mm.mmap(anonymousAt(BASE, 2 * PAGE).build());
    byte[] text = new byte[(int) (2 * PAGE)];
    Arrays.fill(text, (byte) 0xe9);
    text[40] = 0;
    text[(int) PAGE + 30] = 0;
    text[(int) PAGE + 400] = 0;
    write(mm, BASE, text);
    assertEquals("\u00e9".repeat(40), mm.copyStringIn(BASE, 41, IOOpts.DEFAULT));
    assertErrno(Errno.ENAMETOOLONG, () -> mm.copyStringIn(BASE, 40, IOOpts.DEFAULT));
    assertEquals("", mm.copyStringIn(BASE + 40, 4096, IOOpts.DEFAULT));
    assertEquals("\u00e9".repeat(50), mm.copyStringIn(BASE + PAGE - 20, 4096, IOOpts.DEFAULT));
    assertEquals("\u00e9".repeat(369), mm.copyStringIn(BASE + PAGE + 31, 4096, IOOpts.DEFAULT));
    assertErrno(Errno.EFAULT, () -> mm.copyStringIn(BASE + 2 * PAGE - 20, 4096, IOOpts.DEFAULT));
    assertErrno(Errno.EFAULT, () -> mm.copyStringIn(-8, 4096, IOOpts.DEFAULT));
    assertErrno(Errno.ENAMETOOLONG, () -> mm.copyStringIn(BASE, 0, IOOpts.DEFAULT));
  }

  @Test
  void copiesOverRangesGoOnWherePagesAreNotThereYetAndEndAtTheFirstFault() {
    mm.mmap(anonymousAt(BASE, 8 * PAGE).build());
    write(mm, BASE, pattern(100, 1));
    AddrRangeSeq ranges =
        AddrRangeSeq.of(
            List.of(
                new AddrRange(BASE + 10, BASE + 60),
                new AddrRange(BASE + 90, BASE + 90),
                new AddrRange(BASE + 4 * PAGE - 20, BASE + 4 * PAGE + 30),
                new AddrRange(BASE + 8 * PAGE - 5, BASE + 8 * PAGE + 5),
                new AddrRange(BASE, BASE + 10)));
    byte[] bytes = pattern(200, 3);
    assertEquals(105, mm.copyOut(ranges, segment(bytes), 7, 193, IOOpts.DEFAULT));
    byte[] back = new byte[200];
    assertEquals(105, mm.copyIn(ranges, segment(back), 7, 193, IOOpts.DEFAULT));
    assertArrayEquals(Arrays.copyOfRange(bytes, 7, 112), Arrays.copyOfRange(back, 7, 112));
    assertEquals(0, back[112]);
    assertArrayEquals(Arrays.copyOfRange(bytes, 57, 107), read(mm, BASE + 4 * PAGE - 20, 50));
    assertEquals(30, mm.copyIn(ranges, segment(back), 0, 30, IOOpts.DEFAULT));
    AddrRangeSeq bad = AddrRangeSeq.of(BASE + 8 * PAGE, 10);
    assertErrno(Errno.EFAULT, () -> mm.copyIn(bad, segment(back), 0, 10, IOOpts.DEFAULT));
    AddrRangeSeq beyond =
        AddrRangeSeq.of(List.of(new AddrRange(BASE, BASE + 1), new AddrRange(1L << 50, 1L << 51)));
    assertEquals(1, mm.copyOut(beyond, segment(bytes), 0, 200, IOOpts.DEFAULT));
    assertEquals(0, mm.copyIn(beyond, segment(back), 0, 0, IOOpts.DEFAULT));
  }

  @Test
  void blocksAreTheProgramsPagesUpToTheFirstFault() {
    mm.mmap(anonymousAt(BASE, 2 * PAGE).build());
    mm.mmap(anonymousAt(BASE + 3 * PAGE, PAGE).build());
    AddrRangeSeq ranges =
        AddrRangeSeq.of(
            List.of(
                new AddrRange(BASE + 10, BASE + 20),
                new AddrRange(BASE + 3 * PAGE, BASE + 3 * PAGE),
                new AddrRange(BASE + PAGE, BASE + 3 * PAGE)));
    byte[] bytes = pattern((int) PAGE + 10, 1);
    long moved =
        mm.copyOutFrom(
            ranges,
            blocks -> {
              assertEquals(PAGE + 10, blocks.numBytes());
              return blocks.copyFrom(segment(bytes));
            },
            IOOpts.DEFAULT);
    assertEquals(PAGE + 10, moved);
    byte[] back = new byte[bytes.length];
    assertEquals(
        PAGE + 10, mm.copyInTo(ranges, blocks -> blocks.copyTo(segment(back)), IOOpts.DEFAULT));
    assertArrayEquals(bytes, back);
    assertEquals(5, mm.copyInTo(ranges, blocks -> 5, IOOpts.DEFAULT));
    assertEquals(0, mm.copyInTo(AddrRangeSeq.of(BASE, 0), blocks -> 99, IOOpts.DEFAULT));
  }

  @Test
  void theOtherSideIsNotAskedWhereNothingIsAccessible() {
    boolean[] called = new boolean[1];
    assertErrno(
        Errno.EFAULT,
        () ->
            mm.copyOutFrom(
                AddrRangeSeq.of(BASE, 10),
                blocks -> {
                  called[0] = true;
                  return 0;
                },
                IOOpts.DEFAULT));
    assertFalse(called[0]);
  }

  @Test
  void blocksAreUselessAfterTheCallAndReadOnlyWhereTheyAreRead() {
    mm.mmap(anonymousAt(BASE, PAGE).build());
    @Nullable MemorySegment[] kept = new MemorySegment[1];
    mm.copyInTo(
        AddrRangeSeq.of(BASE, 16),
        blocks -> {
          kept[0] = blocks.head();
          return 16;
        },
        IOOpts.DEFAULT);
    MemorySegment block = kept[0];
    if (block == null) {
      throw new AssertionError("not called");
    }
    assertThrows(IllegalStateException.class, () -> block.get(ValueLayout.JAVA_BYTE, 0));
    assertEquals(true, block.isReadOnly());
  }

  @Test
  void aPageThatIsLentSurvivesMunmap() {
    mm.mmap(anonymousAt(BASE, PAGE).build());
    write(mm, BASE, pattern(64, 3));
    byte[] seen = new byte[64];
    long before = memory.file.usage().allocated();
    mm.copyInTo(
        AddrRangeSeq.of(BASE, 64),
        blocks -> {
          mm.munmap(BASE, PAGE);
          // What is freed here would be taken by this.
          mm.mmap(anonymousAt(BASE + 16 * PAGE, 64 * PAGE).build());
          mm.zeroOut(BASE + 16 * PAGE, 64 * PAGE, IOOpts.DEFAULT);
          return blocks.copyTo(segment(seen));
        },
        IOOpts.DEFAULT);
    assertArrayEquals(pattern(64, 3), seen);
    mm.munmap(BASE + 16 * PAGE, 64 * PAGE);
    assertEquals(true, memory.file.usage().allocated() < before);
  }

  @Test
  void exceptionsOfTheOtherSidePassAndGiveThePagesBack() {
    mm.mmap(anonymousAt(BASE, PAGE).build());
    assertThrows(
        IllegalStateException.class,
        () ->
            mm.copyOutFrom(
                AddrRangeSeq.of(BASE, 16),
                blocks -> {
                  throw new IllegalStateException("the device is gone");
                },
                IOOpts.DEFAULT));
    assertThrows(
        IllegalStateException.class,
        () -> mm.copyOutFrom(AddrRangeSeq.of(BASE, 16), blocks -> 17, IOOpts.DEFAULT));
    assertFalse(mm.space().quarantine.loans().overlap(0, Long.MAX_VALUE));
  }

  @Test
  void stacksGrowUnderTheKernelsAccessToo() {
    mm.mmap(anonymousAt(BASE, 4 * PAGE).growsDown(true).build());
    write(mm, BASE - 3 * PAGE + 5, pattern(10, 1));
    assertEquals(BASE - 3 * PAGE, mm.areaAt(BASE).orElseThrow().start());
    assertArrayEquals(pattern(10, 1), read(mm, BASE - 3 * PAGE + 5, 10));
  }

  @Test
  void pinnedPagesStayWhateverBecomesOfTheirMappings() {
    mm.mmap(anonymousAt(BASE, 3 * PAGE).build());
    write(mm, BASE, pattern(100, 1));
    try (Pin pin = mm.pin(AddrRangeSeq.of(BASE + 50, 4 * PAGE), AccessType.WRITE, IOOpts.DEFAULT)) {
      assertEquals(3 * PAGE - 50, pin.byteCount());
      MemoryManager child = memory.fork(mm);
      try (Arena arena = Arena.ofConfined()) {
        pin.blocks(arena).copyFrom(segment(pattern(50, 2)));
      }
      assertArrayEquals(pattern(50, 2), read(mm, BASE + 50, 50));
      assertArrayEquals(pattern(100, 1), read(child, BASE, 100));
      memory.end(child);
      mm.munmap(BASE, 3 * PAGE);
      assertEquals(3 * PAGE, mm.space().quarantine.byteCount());
    }
    assertEquals(0, mm.space().quarantine.byteCount());
    assertErrno(
        Errno.EFAULT, () -> mm.pin(AddrRangeSeq.of(BASE, 1), AccessType.READ, IOOpts.DEFAULT));
  }

  @Test
  void bytesAreCopiedWhileTheirGenerationLastsToWhatIsResident() {
    mm.mmap(anonymousAt(BASE, PAGE).build());
    write(mm, BASE, new byte[] {1});
    // Nobody has touched it, and what is touched before it brings nothing of it along.
    mm.mmap(anonymousAt(BASE + PAGE, PAGE).build());
    Generation generation = new Generation();
    long seen = generation.current();
    AddrRangeSeq ranges = AddrRangeSeq.of(BASE + PAGE - 10, 20);
    byte[] bytes = pattern(40, 3);
    assertEquals(
        10, mm.copyOutWhile(ranges, segment(bytes), 5, 30, IOOpts.DEFAULT, generation, seen));
    assertArrayEquals(Arrays.copyOfRange(bytes, 5, 15), read(mm, BASE + PAGE - 10, 10));
    write(mm, BASE + PAGE, new byte[] {1});
    assertEquals(
        20, mm.copyOutWhile(ranges, segment(bytes), 5, 30, IOOpts.DEFAULT, generation, seen));
    assertArrayEquals(Arrays.copyOfRange(bytes, 5, 25), read(mm, BASE + PAGE - 10, 20));

    generation.end();
    assertFalse(generation.isCurrent(seen));
    assertEquals(
        0, mm.copyOutWhile(ranges, segment(bytes), 0, 20, IOOpts.DEFAULT, generation, seen));
    assertArrayEquals(Arrays.copyOfRange(bytes, 5, 25), read(mm, BASE + PAGE - 10, 20));
  }

  @Test
  void ownersOfBytesWaitForTheCopiesThatAnAddressSpaceMakesOfThem() {
    mm.mmap(anonymousAt(BASE, PAGE).build());
    Generation generation = new Generation();
    AddrRangeSeq ranges = AddrRangeSeq.of(BASE, 1);
    Epochs epochs = mm.space().quarantine.epochs();
    int slot = epochs.enter();
    memory.file.awaitCopies();
    mm.copyOutWhile(
        ranges, segment(new byte[1]), 0, 1, IOOpts.DEFAULT, generation, generation.current());
    Thread owner = Thread.ofPlatform().start(memory.file::awaitCopies);
    // Whoever waits for an epoch yields, so this is only ever too short to show a defect.
    assertFalse(joined(owner, 20));
    epochs.exit(slot);
    assertTrue(joined(owner, 60_000));
    memory.end(mm);
    assertFalse(memory.file.hasBarriers());
  }

  @Test
  void readersThatHaveTheMemoryFileAreToldWhereTheBytesGo() {
    mm.mmap(anonymousAt(BASE, 2 * PAGE).build());
    AddrRangeSeq dst = AddrRangeSeq.of(BASE + PAGE - 8, 16);
    FileReader reader = new FileReader(memory.file);
    assertEquals(16, mm.copyOutFrom(dst, reader, IOOpts.DEFAULT));
    assertArrayEquals(pattern(16, 1), read(mm, BASE + PAGE - 8, 16));
    assertFalse(mm.space().quarantine.loans().overlap(0, Long.MAX_VALUE));

    reader.more = 1;
    assertThrows(IllegalStateException.class, () -> mm.copyOutFrom(dst, reader, IOOpts.DEFAULT));
    try (Memory others = new Memory()) {
      assertEquals(5, mm.copyOutFrom(dst, new FileReader(others.file), IOOpts.DEFAULT));
    }
  }

  /** Tells by what it returns which way it was asked. */
  private static final class FileReader implements RangeReader {
    private final MemoryFile file;
    private long more;

    FileReader(MemoryFile file) {
      this.file = file;
    }

    @Override
    public MemoryFile memoryFile() {
      return file;
    }

    @Override
    public long readToRanges(LentRanges dst) {
      assertEquals(dst.ranges().rangeCount(), dst.rangeCount());
      assertEquals(dst.ranges().start(0), dst.firstStart());
      assertEquals(dst.ranges().byteCount(0), dst.firstByteCount());
      return BlockSeq.of(file.base(), dst.ranges()).copyFrom(segment(pattern(16, 1))) + more;
    }

    @Override
    public long readToBlocks(BlockSeq dst) {
      return dst.takeFirst(5).zero();
    }
  }

  private static boolean joined(Thread thread, long milliseconds) {
    try {
      return thread.join(Duration.ofMillis(milliseconds));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
