package org.usermem.platform.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.usermem.addr.Addr;
import org.usermem.block.BlockSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MemoryKind;

class HostMemoryFileTest {

  private static final long PAGE = Addr.PAGE_SIZE;
  private static final long LIMIT = 16L << 20;

  private final HostMemoryFile file =
      HostMemoryFile.create(
          MemoryFileOptions.withLimit(LIMIT).retaining(32 * PAGE).trackingOwners());

  @AfterEach
  void closeWithoutLeaks() {
    file.check();
    file.close();
  }

  private static boolean isZero(MemorySegment segment) {
    return segment.mismatch(MemorySegment.ofArray(new byte[(int) segment.byteSize()])) == -1;
  }

  @Test
  void freshPagesAreZeroAndTakeNoMemoryUntilTheyAreTouched() {
    FileRange range = file.allocate(100 * PAGE, MemoryKind.ANONYMOUS);
    assertEquals(0, file.usage().committed());
    assertTrue(isZero(file.segment(range)));
    file.segment(range).set(ValueLayout.JAVA_BYTE, 5 * PAGE, (byte) 1);
    assertTrue(file.usage().committed() > 0);
    file.decRef(range);
  }

  @Test
  void aPageIsTheBasePlusItsOffset() {
    FileRange range = file.allocate(PAGE, MemoryKind.ANONYMOUS);
    file.segment(range).set(ValueLayout.JAVA_LONG, 8, 42);
    assertEquals(42, file.base().get(ValueLayout.JAVA_LONG, range.start() + 8));
    file.decRef(range);
  }

  @Test
  void reusedPagesAreZero() {
    FileRange first = file.allocate(PAGE, MemoryKind.ANONYMOUS);
    file.segment(first).fill((byte) 7);
    file.decRef(first);
    assertEquals(PAGE, file.usage().retained());
    FileRange second = file.allocate(PAGE, MemoryKind.SHMEM);
    assertEquals(first, second);
    assertTrue(isZero(file.segment(second)));
    assertEquals(0, file.usage().retained());
    file.decRef(second);
  }

  @Test
  void longFreedRunsGoBackToTheHost() {
    FileRange range = file.allocate(256 * PAGE, MemoryKind.ANONYMOUS);
    file.segment(range).fill((byte) 7);
    assertEquals(256 * PAGE, file.usage().committed());
    file.decRef(range);
    assertEquals(0, file.usage().committed());
    assertEquals(0, file.usage().retained());
  }

  @Test
  void scatteredFreedPagesGoBackWhenTheyAreTooMany() {
    List<FileRange> kept = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      FileRange pair = file.allocate(2 * PAGE, MemoryKind.ANONYMOUS);
      file.segment(pair).fill((byte) 1);
      file.decRef(FileRange.of(pair.start(), PAGE));
      kept.add(FileRange.of(pair.start() + PAGE, PAGE));
    }
    assertTrue(file.usage().retained() <= 2 * 32 * PAGE);
    kept.forEach(file::decRef);
  }

  @Test
  void trimGivesEverythingFreeBack() {
    FileRange range = file.allocate(3 * PAGE, MemoryKind.ANONYMOUS);
    file.segment(range).fill((byte) 7);
    file.decRef(range);
    file.trim();
    assertEquals(0, file.usage().committed());
  }

  @Test
  void pastTheLimitIsNoMemoryAndNothingBreaks() {
    FileRange all = file.allocate(LIMIT, MemoryKind.ANONYMOUS);
    LinuxException refused =
        assertThrows(LinuxException.class, () -> file.allocate(PAGE, MemoryKind.ANONYMOUS));
    assertSame(Errno.ENOMEM, refused.errno());
    file.decRef(FileRange.of(all.start(), PAGE));
    FileRange page = file.allocate(PAGE, MemoryKind.ANONYMOUS);
    file.decRef(page);
    file.decRef(new FileRange(all.start() + PAGE, all.end()));
    assertEquals(0, file.usage().allocated());
  }

  @Test
  void freedMemoryThatIsRetainedDoesNotCountAgainstTheLimit() {
    FileRange page = file.allocate(PAGE, MemoryKind.ANONYMOUS);
    file.segment(page).fill((byte) 1);
    file.decRef(page);
    FileRange all = file.allocate(LIMIT, MemoryKind.ANONYMOUS);
    assertEquals(0, file.usage().retained());
    file.decRef(all);
  }

  @Test
  void accountsByKind() {
    FileRange anonymous = file.allocate(PAGE, MemoryKind.ANONYMOUS);
    FileRange cache = file.allocate(2 * PAGE, MemoryKind.PAGE_CACHE);
    MemoryUsage usage = file.usage();
    assertEquals(PAGE, usage.byKind().get(MemoryKind.ANONYMOUS));
    assertEquals(2 * PAGE, usage.byKind().get(MemoryKind.PAGE_CACHE));
    assertEquals(0, usage.byKind().get(MemoryKind.SYSTEM));
    assertEquals(3 * PAGE, usage.allocated());
    file.decRef(cache);
    assertEquals(0, file.usage().byKind().get(MemoryKind.PAGE_CACHE));
    file.decRef(anonymous);
  }

  @Test
  void pagesStayWhileOneReferenceIsLeft() {
    FileRange range = file.allocate(4 * PAGE, MemoryKind.ANONYMOUS);
    FileRange middle = FileRange.of(range.start() + PAGE, 2 * PAGE);
    file.segment(range).fill((byte) 3);
    file.incRef(middle);
    file.decRef(range);
    assertEquals(2 * PAGE, file.usage().allocated());
    assertEquals(3, file.segment(middle).get(ValueLayout.JAVA_BYTE, 0));
    file.decRef(middle);
    assertEquals(0, file.usage().allocated());
  }

  @Test
  void equalNeighboursAreOneExtent() {
    FileRange range = file.allocate(1000 * PAGE, MemoryKind.ANONYMOUS);
    for (long offset = range.start(); offset < range.end(); offset += PAGE) {
      file.incRef(FileRange.of(offset, PAGE));
    }
    assertEquals(1, file.references().size());
    file.decRef(range);
    file.decRef(range);
    assertTrue(file.references().isEmpty());
  }

  @Test
  void droppingAReferenceThatIsNotThereIsAnError() {
    FileRange range = file.allocate(PAGE, MemoryKind.ANONYMOUS);
    file.decRef(range);
    assertThrows(IllegalStateException.class, () -> file.decRef(range));
    assertThrows(IllegalStateException.class, () -> file.incRef(range));
  }

  @Test
  void allocatesFromBothEnds() {
    FileRange low = file.allocate(PAGE, MemoryKind.ANONYMOUS, AllocationDirection.BOTTOM_UP);
    FileRange high = file.allocate(PAGE, MemoryKind.ANONYMOUS, AllocationDirection.TOP_DOWN);
    FileRange below = file.allocate(PAGE, MemoryKind.ANONYMOUS, AllocationDirection.TOP_DOWN);
    assertEquals(0, low.start());
    assertEquals(file.options().reservationBytes(), high.end());
    assertEquals(high.start(), below.end());
    List.of(low, high, below).forEach(file::decRef);
  }

  @Test
  void largeRangesAreAlignedToHugePages() {
    FileRange page = file.allocate(PAGE, MemoryKind.ANONYMOUS);
    for (AllocationDirection direction : AllocationDirection.values()) {
      FileRange large = file.allocate(Addr.HUGE_PAGE_SIZE + PAGE, MemoryKind.ANONYMOUS, direction);
      assertTrue(Addr.isHugePageAligned(large.start()), direction + " " + large);
      file.decRef(large);
    }
    file.decRef(page);
  }

  @Test
  void decommittedPagesAreZeroAndStayAllocated() {
    for (long pages : new long[] {3, 128}) {
      FileRange range = file.allocate(pages * PAGE, MemoryKind.SHMEM);
      file.segment(range).fill((byte) 7);
      file.decommit(range);
      assertTrue(isZero(file.segment(range)));
      assertEquals(pages * PAGE, file.usage().allocated());
      file.decRef(range);
    }
  }

  @Test
  void populateCommitsWithoutChangingContents() {
    FileRange range = file.allocate(700 * PAGE, MemoryKind.ANONYMOUS);
    file.segment(range).set(ValueLayout.JAVA_INT, 4, 42);
    file.populate(range);
    assertEquals(700 * PAGE, file.usage().committed());
    assertEquals(42, file.segment(range).get(ValueLayout.JAVA_INT, 4));
    file.decRef(range);
  }

  @Test
  void aLoanEndsWithItsArena() {
    FileRange range = file.allocate(PAGE, MemoryKind.ANONYMOUS);
    MemorySegment kept;
    try (Arena arena = Arena.ofConfined()) {
      BlockSeq loan = file.loan(arena, range);
      kept = loan.head();
      kept.set(ValueLayout.JAVA_BYTE, 0, (byte) 9);
    }
    assertThrows(IllegalStateException.class, () -> kept.get(ValueLayout.JAVA_BYTE, 0));
    assertEquals(9, file.segment(range).get(ValueLayout.JAVA_BYTE, 0));
    file.decRef(range);
  }

  @Test
  void aLeakNamesItsOwner() {
    HostMemoryFile leaking =
        HostMemoryFile.create(MemoryFileOptions.withLimit(LIMIT).trackingOwners());
    leaking.allocate(PAGE, MemoryKind.SYSTEM);
    IllegalStateException leak = assertThrows(IllegalStateException.class, leaking::close);
    assertTrue(
        String.valueOf(leak.getMessage()).contains("HostMemoryFileTest.aLeakNamesItsOwner"),
        leak.getMessage());
    leaking.close();
  }

  @Test
  void closingLeavesSegmentsReadable() {
    HostMemoryFile other = HostMemoryFile.create(MemoryFileOptions.withLimit(LIMIT));
    MemorySegment segment = other.segment(other.allocate(PAGE, MemoryKind.ANONYMOUS));
    segment.fill((byte) 1);
    other.close();
    other.close();
    assertTrue(isZero(segment));
    assertThrows(IllegalStateException.class, () -> other.allocate(PAGE, MemoryKind.ANONYMOUS));
  }

  @Test
  void manyFilesOneAfterTheOtherDoNotUseUpTheAddressSpace() {
    for (int i = 0; i < 300; i++) {
      HostMemoryFile.create(MemoryFileOptions.withLimit(LIMIT)).close();
    }
  }

  @Test
  void rangesThatAreNotWholePagesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> file.allocate(100, MemoryKind.ANONYMOUS));
    assertThrows(IllegalArgumentException.class, () -> file.allocate(0, MemoryKind.ANONYMOUS));
    assertThrows(IllegalArgumentException.class, () -> file.incRef(new FileRange(0, 0)));
    assertFalse(file.usage().allocated() > 0);
  }
}
