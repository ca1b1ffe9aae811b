package org.usermem.platform.stub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.SystemCall;

/**
 * Where threads run: two threads of this JVM stand for a guest thread and the one that serves it.
 */
@Timeout(60)
class PlacementTest {

  private static final int SET_BYTES = 128;

  private final Processors processors = Processors.find();
  private final int process = (int) ProcessHandle.current().pid();
  private final byte[] all = affinity(process);
  private final CountDownLatch done = new CountDownLatch(1);
  private final int guest = startGuest();

  @AfterEach
  void endGuest() {
    done.countDown();
  }

  @Test
  void bothThreadsAreAtHomeToBeginWith() {
    Placement placement = new Placement(processors, process, guest);
    assertArrayEquals(affinity(guest), affinity(0));
    if (processors.areSeveral()) {
      assertArrayEquals(only(processors.home()), affinity(guest));
    }
    placement.end();
  }

  @Test
  void theServingThreadIsFreeAgainInTheEnd() {
    new Placement(processors, process, guest).end();
    assertArrayEquals(all, affinity(0));
  }

  @Test
  void guestThatRunsForLongIsFreeAndIsBoundWhenItHasStopped() {
    Placement placement = new Placement(processors, process, guest);
    placement.guestRunsOn();
    assertArrayEquals(all, affinity(guest));
    assertArrayEquals(all, affinity(0));
    placement.guestStopped();
    assertArrayEquals(affinity(guest), affinity(0));
    if (processors.areSeveral()) {
      assertArrayEquals(only(Processors.current()), affinity(guest));
    }
    placement.end();
  }

  @Test
  void goingFromProcessorToProcessorComesToEachThatMayBeUsed() {
    byte[] seen = new byte[SET_BYTES];
    int processor = Processors.current();
    do {
      processor = processors.after(processor);
      seen[processor / Byte.SIZE] |= (byte) (1 << processor % Byte.SIZE);
    } while (!Arrays.equals(all, seen));
    assertArrayEquals(all, seen);
  }

  @Test
  void injectorFollows() {
    Placement placement = new Placement(processors, process, guest);
    int injector = startGuest();
    placement.addInjector(injector);
    assertArrayEquals(affinity(guest), affinity(injector));
    placement.end();
  }

  @Test
  void nothingIsBoundWhereTheHostPlacesThreads() {
    Placement placement = new Placement(Processors.unbound(), process, guest);
    placement.guestStopped();
    placement.guestRunsOn();
    assertArrayEquals(all, affinity(guest));
    assertArrayEquals(all, affinity(0));
    placement.end();
  }

  @Test
  void threadThatHasEndedIsNoError() {
    int ended = Integer.MAX_VALUE;
    Placement placement = new Placement(processors, process, ended);
    placement.guestRunsOn();
    placement.guestStopped();
    placement.end();
    assertEquals(0, new RunDelay("self", ended).sinceLast());
  }

  @Test
  void guestThatDoesNotStopBetweenTwoLooksIsFree() {
    try (GuestWatch unused = new GuestWatch(Processors.unbound())) {
      WatchedPlacement placement = new WatchedPlacement(unused, processors, process, guest);
      placement.guestStarts();
      assertTrue(placement.look());
      placement.guestStopped();
      assertFalse(placement.look());
      placement.guestStarts();
      placement.look();
      assertArrayEquals(affinity(0), affinity(guest));
      placement.look();
      assertArrayEquals(all, affinity(guest));
      placement.guestStopped();
      assertArrayEquals(affinity(0), affinity(guest));
      placement.end();
      assertArrayEquals(all, affinity(0));
    }
  }

  @Test
  void watchFreesGuestThatRunsOn() throws InterruptedException {
    try (GuestWatch watch = new GuestWatch(processors)) {
      WatchedPlacement placement = new WatchedPlacement(watch, processors, process, guest);
      placement.guestStarts();
      while (!Arrays.equals(all, affinity(guest))) {
        Thread.sleep(1);
      }
      placement.guestStopped();
      placement.end();
    }
  }

  private int startGuest() {
    int[] threadId = new int[1];
    CountDownLatch started = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              processors.free(0);
              threadId[0] = (int) HostCalls.current().quick(SystemCall.GETTID, 0, 0, 0);
              started.countDown();
              await(done);
            });
    await(started);
    return threadId[0];
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] only(int processor) {
    byte[] set = new byte[SET_BYTES];
    set[processor / Byte.SIZE] = (byte) (1 << processor % Byte.SIZE);
    return set;
  }

  private static byte[] affinity(int threadId) {
    HostCalls host = HostCalls.current();
    MemorySegment set = host.scratch().asSlice(0, SET_BYTES);
    set.fill((byte) 0);
    long result = host.quick(SystemCall.SCHED_GETAFFINITY, threadId, SET_BYTES, set.address());
    assertTrue(result > 0, () -> "result " + result);
    return Arrays.copyOf(set.toArray(ValueLayout.JAVA_BYTE), SET_BYTES);
  }
}
