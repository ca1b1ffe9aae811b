package org.usermem.mm.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.usermem.memmap.FileRange;

class QuarantineTest {

  private final List<FileRange> released = new ArrayList<>();
  private final Quarantine quarantine = new Quarantine(2, released::add);

  private static Retired retired(long start, long end) {
    Retired retired = new Retired();
    retired.add(start, end);
    return retired;
  }

  @Test
  void releasesAtOnceWhereNobodyCopies() {
    quarantine.retire(retired(0x1000, 0x3000));
    assertEquals(List.of(new FileRange(0x1000, 0x3000)), released);
    assertEquals(0, quarantine.byteCount());
  }

  @Test
  void waitsForCopiesThatWereUnderWay() {
    int slot = quarantine.epochs().enter();
    quarantine.retire(retired(0x1000, 0x2000));
    assertEquals(0x1000, quarantine.byteCount());
    quarantine.reclaim();
    assertTrue(released.isEmpty());
    int later = quarantine.epochs().enter();
    quarantine.epochs().exit(slot);
    quarantine.reclaim();
    assertEquals(1, released.size());
    quarantine.epochs().exit(later);
  }

  @Test
  void aSlotThatIsBusyAgainIsNotTheSameCopy() {
    int slot = quarantine.epochs().enter();
    Grace grace = quarantine.epochs().grace();
    assertNotNull(grace);
    assertFalse(grace.isOver());
    quarantine.epochs().exit(slot);
    int again = quarantine.epochs().enter();
    assertEquals(slot, again);
    assertTrue(grace.isOver());
    quarantine.epochs().exit(again);
    assertNull(quarantine.epochs().grace());
  }

  @Test
  void epochsNest() {
    Epochs epochs = quarantine.epochs();
    int outer = epochs.enter();
    int inner = epochs.enter();
    assertFalse(outer == inner);
    epochs.exit(inner);
    Grace grace = epochs.grace();
    assertNotNull(grace);
    epochs.exit(outer);
    assertTrue(grace.isOver());
  }

  @Test
  void moreThreadsThanSlotsAreServed() throws InterruptedException {
    Epochs epochs = new Epochs(1);
    List<Thread> threads = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(40);
    for (int i = 0; i < 40; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int n = 0; n < 1000; n++) {
                      epochs.exit(epochs.enter());
                    }
                    done.countDown();
                  }));
    }
    done.await();
    for (Thread thread : threads) {
      thread.join();
    }
    assertNull(epochs.grace());
  }

  @Test
  void whatIsLentStaysUntilItIsGivenBack() {
    Loan loan = quarantine.loans().open(true);
    int slot = quarantine.epochs().enter();
    loan.add(0x1000, 0x1100);
    loan.add(0x1100, 0x2000);
    loan.add(0x8000, 0x9000);
    quarantine.epochs().exit(slot);
    assertEquals(2, loan.ranges().rangeCount());
    assertTrue(quarantine.loans().overlapForWriting(0x1fff, 0x3000));
    Retired retired = retired(0x1000, 0x2000);
    retired.add(0x5000, 0x6000);
    quarantine.retire(retired);
    assertEquals(List.of(new FileRange(0x5000, 0x6000)), released);
    loan.close();
    assertEquals(2, released.size());
    assertEquals(0, quarantine.byteCount());
    Loan second = quarantine.loans().open(false);
    assertEquals(0, second.ranges().rangeCount());
    assertFalse(quarantine.loans().overlap(0, Long.MAX_VALUE));
    second.close();
  }

  @Test
  void aLoanGrows() {
    Loan loan = quarantine.loans().open(false);
    for (long i = 0; i < 5000; i++) {
      loan.add(i * 0x2000, i * 0x2000 + 0x1000);
    }
    assertEquals(5000, loan.ranges().rangeCount());
    assertEquals(4999 * 0x2000L, loan.ranges().start(4999));
    assertTrue(quarantine.loans().overlap(4999 * 0x2000L, 4999 * 0x2000L + 1));
    assertFalse(quarantine.loans().overlapForWriting(0, 0x1000));
    loan.close();
  }

  @Test
  void muchIsWaitedFor() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    Thread copy =
        Thread.ofPlatform()
            .start(
                () -> {
                  int slot = quarantine.epochs().enter();
                  inside.countDown();
                  Thread.onSpinWait();
                  quarantine.epochs().exit(slot);
                });
    inside.await();
    quarantine.retire(retired(0, 2L << 20));
    assertEquals(1, released.size());
    copy.join();
  }
}
