package org.usermem.kernel.futex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.BytesIO;
import org.usermem.io.IOOpts;

@Timeout(60)
class FutexTableTest {

  private static final int ANY = FutexTable.MATCH_ANY;
  private static final int TID = 77;
  private static final int OTHER = 78;

  private final FutexTable table = new FutexTable();
  private final PiFutexes pi = table.pi();
  private final BytesIO io = BytesIO.allocate(4096);
  private final AtomicInteger wakeUps = new AtomicInteger();

  private FutexKey key(long addr) {
    return new FutexKey(io, addr);
  }

  private FutexWaiter waiter(int tid) {
    return new FutexWaiter(tid, wakeUps::incrementAndGet);
  }

  private FutexWaiter asleep(long addr) {
    return asleep(addr, ANY);
  }

  private FutexWaiter asleep(long addr, int bitset) {
    FutexWaiter waiter = waiter(TID);
    table.enqueue(waiter, key(addr), io, addr, word(addr), bitset);
    return waiter;
  }

  private int word(long addr) {
    return io.loadInt(addr, IOOpts.DEFAULT);
  }

  private void set(long addr, int value) {
    io.storeInt(addr, value, IOOpts.DEFAULT);
  }

  private static void assertErrno(Errno expected, Runnable action) {
    assertEquals(expected, assertThrows(LinuxException.class, action::run).errno());
  }

  @Test
  void nobodySleepsOnAWordWithAnotherValue() {
    set(8, 5);
    FutexWaiter waiter = waiter(TID);
    assertErrno(Errno.EAGAIN, () -> table.enqueue(waiter, key(8), io, 8, 6, ANY));
    assertEquals(0, table.wake(key(8), ANY, 1));
    assertFalse(table.dequeue(waiter));
  }

  @Test
  void aWaiterKeepsItsKeyUntilItIsForAnotherWord() {
    FutexWaiter waiter = waiter(TID);
    FutexKey key = waiter.keyOf(io, 8);
    assertSame(key, waiter.keyOf(io, 8));
    assertEquals(key(12), waiter.keyOf(io, 12));
    assertEquals(key(8), waiter.keyOf(io, 8));
    assertEquals(new FutexKey(waiter, 8), waiter.keyOf(waiter, 8));
  }

  @Test
  void sleepersAreWokenInTheOrderInWhichTheyCame() {
    FutexWaiter first = asleep(8);
    FutexWaiter second = asleep(8);
    assertEquals(1, table.wake(key(8), ANY, 1));
    assertTrue(first.isWoken());
    assertFalse(second.isWoken());
    assertEquals(1, table.wake(key(8), ANY, 10));
    assertEquals(2, wakeUps.get());
  }

  @Test
  void wakingNoneWakesOneAsLinuxDoes() {
    asleep(8);
    assertEquals(1, table.wake(key(8), ANY, 0));
  }

  @Test
  void aWakeUpReachesOnlyItsKeyAndItsBits() {
    asleep(8, 0b01);
    FutexWaiter other = asleep(8, 0b10);
    asleep(16);
    assertEquals(1, table.wake(key(8), 0b10, 10));
    assertTrue(other.isWoken());
    assertEquals(0, table.wake(new FutexKey(new Object(), 8), ANY, 10));
  }

  @Test
  void whoeverGivesUpIsNotWoken() {
    FutexWaiter waiter = asleep(8);
    assertTrue(table.dequeue(waiter));
    assertFalse(table.dequeue(waiter));
    assertEquals(0, table.wake(key(8), ANY, 1));
  }

  @Test
  void aWaiterServesAgain() {
    FutexWaiter waiter = asleep(8);
    table.wake(key(8), ANY, 1);
    table.enqueue(waiter, key(16), io, 16, 0, ANY);
    assertFalse(waiter.isWoken());
    assertTrue(table.dequeue(waiter));
  }

  @Test
  void requeueWakesSomeAndMovesOthers() {
    FutexWaiter woken = asleep(8);
    FutexWaiter moved = asleep(8);
    FutexWaiter left = asleep(8);
    assertEquals(2, table.requeue(key(8), key(16), null, 1, 1));
    assertTrue(woken.isWoken());
    assertEquals(1, table.wake(key(16), ANY, 10));
    assertTrue(moved.isWoken());
    assertEquals(1, table.wake(key(8), ANY, 10));
    assertTrue(left.isWoken());
  }

  @Test
  void requeueComparesTheWord() {
    asleep(8);
    set(8, 1);
    FutexTable.WordCheck check = FutexTable.WordCheck.of(io, 8, 0);
    assertErrno(Errno.EAGAIN, () -> table.requeue(key(8), key(16), check, 1, 1));
    assertErrno(Errno.EINVAL, () -> table.requeue(key(8), key(16), null, -1, 1));
    assertErrno(Errno.EINVAL, () -> table.requeue(key(8), key(16), null, 1, -1));
  }

  @Test
  void wakeOpChangesTheSecondWordAndWakesByItsOldValue() {
    set(16, 5);
    asleep(8);
    asleep(16);
    int addThreeIfFive = 1 << 28 | 0 << 24 | 3 << 12 | 5;
    assertEquals(2, table.wakeOp(key(8), key(16), io, 16, 1, 1, addThreeIfFive));
    assertEquals(8, word(16));
    asleep(8);
    asleep(16);
    assertEquals(1, table.wakeOp(key(8), key(16), io, 16, 1, 1, addThreeIfFive));
    assertEquals(11, word(16));
  }

  @Test
  void everyOperationAndComparisonOfWakeOpWorks() {
    int[] results = {0b0110, 0b0011 + 0b0110, 0b0111, 0b0001, 0b0101};
    for (int operation = 0; operation < results.length; operation++) {
      set(16, 0b0011);
      table.wakeOp(key(8), key(16), io, 16, 1, 1, operation << 28 | 0b0110 << 12);
      assertEquals(results[operation], word(16));
    }
    boolean[] passes = {false, true, true, true, false, false};
    for (int comparison = 0; comparison < passes.length; comparison++) {
      set(16, 3);
      asleep(16);
      int woken = table.wakeOp(key(8), key(16), io, 16, 1, 1, comparison << 24 | 3 << 12 | 4);
      assertEquals(passes[comparison] ? 1 : 0, woken);
      table.wake(key(16), ANY, 1);
    }
  }

  @Test
  void operandsOfWakeOpAreSignedAndMayBeShifts() {
    set(16, 0);
    table.wakeOp(key(8), key(16), io, 16, 1, 1, 0xfff << 12);
    assertEquals(-1, word(16));
    table.wakeOp(key(8), key(16), io, 16, 1, 1, 8 << 28 | 5 << 12);
    assertEquals(32, word(16));
    assertErrno(Errno.ENOSYS, () -> table.wakeOp(key(8), key(16), io, 16, 1, 1, 5 << 28));
  }

  @Test
  void aFreeLockIsTakenWithoutSleeping() {
    assertTrue(pi.lock(waiter(TID), key(8), io, 8, false, tid -> PiFutexes.Owner.ALIVE));
    assertEquals(TID, word(8));
    pi.unlock(key(8), io, 8, TID);
    assertEquals(0, word(8));
  }

  @Test
  void whoeverHoldsALockCanNotTakeItAgainAndNobodyElseGivesItUp() {
    set(8, TID);
    assertErrno(
        Errno.EDEADLK,
        () -> pi.lock(waiter(TID), key(8), io, 8, false, tid -> PiFutexes.Owner.ALIVE));
    assertErrno(Errno.EPERM, () -> pi.unlock(key(8), io, 8, OTHER));
    assertErrno(
        Errno.EAGAIN,
        () -> pi.lock(waiter(OTHER), key(8), io, 8, true, tid -> PiFutexes.Owner.ALIVE));
    assertErrno(
        Errno.ESRCH,
        () -> pi.lock(waiter(OTHER), key(8), io, 8, false, tid -> PiFutexes.Owner.NONE));
    assertErrno(
        Errno.EAGAIN,
        () -> pi.lock(waiter(OTHER), key(8), io, 8, false, tid -> PiFutexes.Owner.EXITING));
  }

  @Test
  void unlockingHandsTheLockToTheLongestSleeper() {
    set(8, TID);
    FutexWaiter heir = waiter(OTHER);
    assertFalse(pi.lock(heir, key(8), io, 8, false, tid -> PiFutexes.Owner.ALIVE));
    assertEquals(TID | PiFutexes.WAITERS, word(8));
    pi.unlock(key(8), io, 8, TID);
    assertTrue(heir.isWoken());
    assertEquals(OTHER | PiFutexes.WAITERS, word(8));
    pi.unlock(key(8), io, 8, OTHER);
    assertEquals(0, word(8));
  }

  @Test
  void aDeadOwnersLockPassesOnWithItsMark() {
    set(8, TID);
    FutexWaiter heir = waiter(OTHER);
    FutexWaiter next = waiter(79);
    pi.lock(heir, key(8), io, 8, false, tid -> PiFutexes.Owner.ALIVE);
    pi.lock(next, key(8), io, 8, false, tid -> PiFutexes.Owner.ALIVE);
    pi.releaseAllOf(TID);
    assertTrue(heir.isWoken());
    assertEquals(OTHER | PiFutexes.WAITERS | PiFutexes.OWNER_DIED, word(8));
    pi.releaseAllOf(OTHER);
    assertTrue(next.isWoken());
  }

  @Test
  void sleepersForALockAreNotWokenAsPlainOnes() {
    set(8, TID);
    pi.lock(waiter(OTHER), key(8), io, 8, false, tid -> PiFutexes.Owner.ALIVE);
    assertErrno(Errno.EINVAL, () -> table.wake(key(8), ANY, 1));
    assertErrno(Errno.EINVAL, () -> table.requeue(key(8), key(16), null, 1, 1));
  }

  @Test
  void requeueToALockGivesItToTheFirstAndQueuesTheRest() {
    FutexWaiter first = waiter(TID);
    FutexWaiter second = waiter(OTHER);
    pi.enqueueForRequeue(first, key(8), io, 8, 0, ANY, key(16), 16);
    pi.enqueueForRequeue(second, key(8), io, 8, 0, ANY, key(16), 16);
    FutexTable.WordCheck check = FutexTable.WordCheck.of(io, 8, 0);
    assertEquals(2, pi.requeue(key(8), key(16), check, io, 16, 10, tid -> PiFutexes.Owner.ALIVE));
    assertTrue(first.isWoken());
    assertFalse(second.isWoken());
    assertEquals(TID | PiFutexes.WAITERS, word(16));
    pi.unlock(key(16), io, 16, TID);
    assertTrue(second.isWoken());
    assertEquals(OTHER | PiFutexes.WAITERS, word(16));
  }

  @Test
  void requeueToAnotherLockThanExpectedIsRefused() {
    pi.enqueueForRequeue(waiter(TID), key(8), io, 8, 0, ANY, key(16), 16);
    FutexTable.WordCheck check = FutexTable.WordCheck.of(io, 8, 0);
    assertErrno(
        Errno.EINVAL,
        () -> pi.requeue(key(8), key(24), check, io, 24, 10, tid -> PiFutexes.Owner.ALIVE));
  }

  @Test
  void robustLocksOfADeadTaskAreMarkedAndWoken() {
    long head = 64;
    long entry = 128;
    io.storeLong(head, entry, IOOpts.DEFAULT);
    io.storeLong(head + 8, 16, IOOpts.DEFAULT);
    io.storeLong(entry, head, IOOpts.DEFAULT);
    set(entry + 16, TID | PiFutexes.WAITERS);
    FutexWaiter waiter = waiter(OTHER);
    table.enqueue(waiter, key(entry + 16), io, entry + 16, word(entry + 16), ANY);
    new RobustList(io, this::key, table, TID).release(head);
    assertEquals(PiFutexes.OWNER_DIED | PiFutexes.WAITERS, word(entry + 16));
    assertTrue(waiter.isWoken());
  }

  @Test
  void aRobustListThatGoesRoundEnds() {
    long head = 64;
    io.storeLong(head, 128, IOOpts.DEFAULT);
    io.storeLong(head + 8, 16, IOOpts.DEFAULT);
    io.storeLong(128, 256, IOOpts.DEFAULT);
    io.storeLong(256, 128, IOOpts.DEFAULT);
    new RobustList(io, this::key, table, TID).release(head);
    assertEquals(0, word(144));
  }

  @Test
  void aRobustListOfGarbageIsLeftAlone() {
    new RobustList(io, this::key, table, TID).release(4090);
    io.storeLong(64, 1L << 50, IOOpts.DEFAULT);
    new RobustList(io, this::key, table, TID).release(64);
    assertEquals(0, wakeUps.get());
  }

  @Test
  void noWakeUpIsLostBetweenThreads() throws InterruptedException {
    int rounds = 20_000;
    Thread sleeper =
        new Thread(
            () -> {
              Thread self = Thread.currentThread();
              FutexWaiter waiter = new FutexWaiter(TID, () -> LockSupport.unpark(self));
              for (int round = 0; round < rounds; round++) {
                while (word(8) == round) {
                  try {
                    table.enqueue(waiter, key(8), io, 8, round, ANY);
                  } catch (LinuxException e) {
                    break;
                  }
                  while (!waiter.isWoken()) {
                    LockSupport.park();
                  }
                }
              }
            });
    sleeper.start();
    for (int round = 0; round < rounds; round++) {
      set(8, round + 1);
      table.wake(key(8), ANY, 1);
    }
    sleeper.join();
    assertEquals(0, table.wake(key(8), ANY, 1));
  }
}
