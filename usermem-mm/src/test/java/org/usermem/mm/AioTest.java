package org.usermem.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.mm.Memory.PAGE;
import static org.usermem.mm.Memory.assertErrno;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.mm.aio.AioContext;
import org.usermem.mm.aio.AioEvent;

class AioTest {

  private final Memory memory = new Memory();
  private final MemoryManager mm = memory.manager();

  @AfterEach
  void close() {
    memory.close();
  }

  private static AioEvent event(int number) {
    return new AioEvent(number, number * 16L, 4096, 0);
  }

  @Test
  void eventsComeOutInOrderAndMakeRoom() {
    AioContext context = mm.aioSetUp(3);
    assertEquals(Optional.of(context), mm.aioContext(context.id()));
    for (int round = 0; round < 400; round++) {
      for (int i = 0; i < 3; i++) {
        context.reserve();
      }
      assertErrno(Errno.EAGAIN, context::reserve);
      for (int i = 0; i < 3; i++) {
        context.complete(event(i));
      }
      assertErrno(Errno.EAGAIN, context::reserve);
      List<AioEvent> events = new ArrayList<>();
      assertEquals(2, context.drain(2, events::add));
      assertEquals(1, context.drain(9, events::add));
      assertEquals(List.of(event(0), event(1), event(2)), events);
    }
    context.reserve();
    context.cancel();
    assertEquals(0, context.underWay());
  }

  @Test
  void theProgramSeesTheRingAndTakesFromIt() {
    AioContext context = mm.aioSetUp(10);
    context.reserve();
    context.complete(event(7));
    long ring = context.id();
    assertEquals(0xa10a10a1, mm.loadInt(ring + 16, IOOpts.DEFAULT));
    assertEquals(1, mm.loadInt(ring + 12, IOOpts.DEFAULT));
    assertEquals(7, mm.loadLong(ring + 32, IOOpts.DEFAULT));
    assertEquals(4096, mm.loadLong(ring + 48, IOOpts.DEFAULT));
    mm.storeInt(ring + 8, 1, IOOpts.DEFAULT);
    assertEquals(0, context.pending());
    mm.storeInt(ring + 8, -5, IOOpts.DEFAULT);
    mm.storeInt(ring + 12, 12345, IOOpts.DEFAULT);
    assertTrue(context.pending() >= 0);
    context.drain(10_000, taken -> {});
    assertEquals(0, context.pending());
    assertEquals("/[aio] (deleted)", mm.areaAt(ring).orElseThrow().name());
  }

  @Test
  void theRingDoesNotGrow() {
    AioContext context = mm.aioSetUp(10);
    long length = AioContext.ringBytes(10);
    assertErrno(
        Errno.EFAULT,
        () ->
            mm.mremap(
                context.id(), length, length + PAGE, new RemapOptions(true, false, false, 0)));
    assertEquals(Optional.of(context), mm.aioContext(context.id()));
  }

  @Test
  void aSinkThatFaultsKeepsItsEvent() {
    AioContext context = mm.aioSetUp(4);
    for (int i = 0; i < 2; i++) {
      context.reserve();
      context.complete(event(i));
    }
    AioContext.EventSink faulting =
        taken -> {
          if (taken.data() == 1) {
            throw LinuxException.of(Errno.EFAULT);
          }
        };
    assertEquals(1, context.drain(2, faulting));
    assertThrows(LinuxException.class, () -> context.drain(2, faulting));
    assertEquals(1, context.pending());
  }

  @Test
  void destroyUnmapsAndDropsLateEvents() {
    AioContext context = mm.aioSetUp(4);
    int[] woken = new int[1];
    Runnable listener = () -> woken[0]++;
    context.addListener(listener);
    context.reserve();
    assertEquals(context, mm.aioDestroy(context.id()));
    assertEquals(1, context.underWay());
    context.complete(event(1));
    assertEquals(0, context.underWay());
    assertEquals(2, woken[0]);
    context.removeListener(listener);
    assertErrno(Errno.EINVAL, context::reserve);
    assertErrno(Errno.EINVAL, () -> mm.aioDestroy(context.id()));
    assertTrue(mm.areas(false).isEmpty());
  }

  @Test
  void aRingThatMovesTakesItsNumberAlong() {
    AioContext context = mm.aioSetUp(4);
    long old = context.id();
    mm.mremap(old, 4096, 4096, RemapOptions.to(0x900000000L));
    assertEquals(0x900000000L, context.id());
    assertTrue(mm.aioContext(old).isEmpty());
    assertEquals(context, mm.aioContext(0x900000000L).orElseThrow());
    MemoryManager child = memory.fork(mm);
    assertTrue(child.aioContext(0x900000000L).isEmpty());
    memory.end(child);
  }

  @Test
  void numbersOfEventsAreLimited() {
    assertErrno(Errno.EINVAL, () -> mm.aioSetUp(0));
    assertErrno(Errno.EAGAIN, () -> mm.aioSetUp(65537));
    AioContext context = mm.aioSetUp(65536);
    assertErrno(Errno.EAGAIN, () -> mm.aioSetUp(1));
    mm.aioDestroy(context.id());
    mm.aioDestroy(mm.aioSetUp(1).id());
  }
}
