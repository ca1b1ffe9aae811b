package org.usermem.kernel.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class SignalValuesTest {

  private final PendingSignals pending = new PendingSignals();

  private static MemorySegment encode(SignalInfo info) {
    MemorySegment segment = MemorySegment.ofArray(new byte[SignalInfo.BYTE_COUNT]);
    segment.fill((byte) -1);
    info.encode(segment);
    return segment;
  }

  private static int intAt(MemorySegment segment, long offset) {
    return segment.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
  }

  private static long longAt(MemorySegment segment, long offset) {
    return segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
  }

  @Test
  void namesAreThoseOfStrace() {
    assertEquals("SIGHUP", Signals.name(1));
    assertEquals("SIGSYS", Signals.name(31));
    assertEquals("SIGRTMIN", Signals.name(32));
    assertEquals("SIGRT_32", Signals.name(64));
    assertEquals("65", Signals.name(65));
    assertEquals("-1", Signals.name(-1));
  }

  @Test
  void defaultActionsAreThoseOfSignal7() {
    assertEquals(Signals.DefaultAction.TERMINATE, Signals.defaultAction(Signals.SIGTERM));
    assertEquals(Signals.DefaultAction.TERMINATE, Signals.defaultAction(40));
    assertEquals(Signals.DefaultAction.CORE, Signals.defaultAction(Signals.SIGSEGV));
    assertEquals(Signals.DefaultAction.STOP, Signals.defaultAction(Signals.SIGTTIN));
    assertEquals(Signals.DefaultAction.CONTINUE, Signals.defaultAction(Signals.SIGCONT));
    assertEquals(Signals.DefaultAction.IGNORE, Signals.defaultAction(Signals.SIGURG));
  }

  @Test
  void informationHasTheLayoutOfTheKernel() {
    MemorySegment child =
        encode(
            new SignalInfo(17, 0, SignalInfo.CLD_EXITED, new SignalPayload.Child(5, 6, 7, 8, 9)));
    assertEquals(17, intAt(child, 0));
    assertEquals(0, intAt(child, 4));
    assertEquals(1, intAt(child, 8));
    assertEquals(0, intAt(child, 12));
    assertEquals(5, intAt(child, 16));
    assertEquals(6, intAt(child, 20));
    assertEquals(7, intAt(child, 24));
    assertEquals(8, longAt(child, 32));
    assertEquals(9, longAt(child, 40));
    assertEquals(0, longAt(child, 120));
    assertEquals(0x1234L, longAt(encode(SignalInfo.fault(11, 1, 0x1234)), 16));
    MemorySegment timer =
        encode(new SignalInfo(14, 0, SignalInfo.SI_TIMER, new SignalPayload.Timer(1, 2, 3)));
    assertEquals(2, intAt(timer, 20));
    assertEquals(3, longAt(timer, 24));
    MemorySegment call = encode(new SignalInfo(31, 0, 1, new SignalPayload.Call(0x99, 231, 7)));
    assertEquals(231, intAt(call, 24));
    assertEquals(7, intAt(call, 28));
    MemorySegment band = encode(new SignalInfo(29, 0, 1, new SignalPayload.Band(65, 3)));
    assertEquals(65, longAt(band, 16));
    assertEquals(3, intAt(band, 24));
  }

  @Test
  void whatAProgramSuppliedComesBackByteForByte() {
    byte[] bytes = new byte[SignalInfo.BYTE_COUNT];
    for (int index = 0; index < bytes.length; index++) {
      bytes[index] = (byte) (index * 3);
    }
    SignalInfo decoded = SignalInfo.decode(MemorySegment.ofArray(bytes));
    MemorySegment again = encode(decoded);
    for (int index = 0; index < bytes.length; index++) {
      if (index < 12 || index >= 16) {
        assertEquals(bytes[index], again.get(ValueLayout.JAVA_BYTE, index));
      }
    }
    assertEquals(decoded, SignalInfo.decode(again));
    assertNotEquals(decoded, SignalInfo.bare(1));
    assertEquals(decoded.hashCode(), SignalInfo.decode(again).hashCode());
  }

  @Test
  void synchronousSignalsComeFirstThenTheLowest() {
    for (int signo : new int[] {Signals.SIGHUP, 40, Signals.SIGSEGV, Signals.SIGTERM}) {
      pending.add(SignalInfo.bare(signo), null, null);
    }
    assertEquals(Signals.SIGSEGV, pending.dequeue(0).signo());
    assertEquals(Signals.SIGTERM, pending.dequeue(SignalSet.of(Signals.SIGHUP)).signo());
    assertEquals(Signals.SIGHUP, pending.dequeue(0).signo());
    assertEquals(40, pending.dequeue(0).signo());
    assertNull(pending.dequeue(0));
  }

  @Test
  void aBareSignalLeavesWithoutInformation() {
    pending.addBare(9);
    assertTrue(pending.contains(9));
    assertEquals(SignalInfo.bare(9), pending.dequeue(0));
    assertFalse(pending.contains(9));
  }

  @Test
  void quotasAreReleasedHoweverASignalLeaves() {
    QueueQuota quota = new QueueQuota();
    AtomicInteger discarded = new AtomicInteger();
    PendingSignals.Source source =
        new PendingSignals.Source() {
          @Override
          public SignalInfo delivered(SignalInfo info) {
            return info.withSigno(50);
          }

          @Override
          public void discarded() {
            discarded.incrementAndGet();
          }
        };
    for (int charge = 0; charge < 3; charge++) {
      assertTrue(quota.tryCharge(3));
    }
    assertFalse(quota.tryCharge(3));
    pending.add(SignalInfo.bare(40), quota, source);
    pending.add(SignalInfo.bare(40), quota, source);
    pending.add(SignalInfo.bare(41), quota, source);
    assertEquals(50, pending.dequeue(0).signo());
    assertEquals(2, quota.used());
    pending.discard(SignalSet.of(41));
    assertEquals(1, discarded.get());
    pending.discard(source);
    assertEquals(0, quota.used());
    assertEquals(0, pending.set());
  }

  @Test
  void queuedSignalsCanBeLookedAt() {
    pending.add(SignalInfo.bare(40), null, null);
    pending.add(SignalInfo.bare(35), null, null);
    List<Integer> seen =
        StreamSupport.stream(pending.queued().spliterator(), false).map(SignalInfo::signo).toList();
    assertEquals(List.of(40, 35), seen);
  }

  @Test
  void anAlternateStackHoldsAddressesAboveItsStartUpToItsEnd() {
    AlternateStack stack = new AlternateStack(0x1000, 0x2000, 0);
    assertFalse(stack.contains(0x1000));
    assertTrue(stack.contains(0x1001));
    assertTrue(stack.contains(0x3000));
    assertFalse(stack.contains(0x3001));
    assertFalse(AlternateStack.NONE.contains(0));
  }

  @Test
  void execDropsHandlersAndKeepsWhatIsIgnored() {
    SignalActions actions = new SignalActions();
    actions.set(10, new SignalAction(0x400, SignalAction.SA_RESTART, 0, 0));
    actions.set(12, new SignalAction(SignalAction.SIG_IGN, 5, 6, 7));
    assertEquals(SignalSet.of(10), actions.caught());
    assertEquals(SignalSet.of(12), actions.ignored());
    SignalActions after = actions.copyForExec();
    assertEquals(0, after.caught());
    assertEquals(new SignalAction(SignalAction.SIG_IGN, 0, 0, 0), after.get(12));
    actions.clearHandlers();
    assertEquals(0, actions.caught());
    assertEquals(SignalSet.of(12), actions.ignored());
  }
}
