package org.usermem.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.struct.PollFd;

class StructsTest {

  private static final IOOpts OPTS = IOOpts.DEFAULT;

  private static List<PollFd> values(int count) {
    List<PollFd> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(new PollFd(i * 1_000_003, (short) i, (short) -i));
    }
    return values;
  }

  @Test
  void aValueComesBackFromItsBytes() {
    byte[] bytes = new byte[16];
    BytesIO io = BytesIO.of(bytes);
    PollFd value = new PollFd(0x04030201, (short) 0x0605, (short) 0x0807);
    Structs.copyOut(io, 3, value, PollFd.CODEC, OPTS);
    assertArrayEquals(new byte[] {0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0}, bytes);
    assertEquals(value, Structs.copyIn(io, 3, PollFd.CODEC, OPTS));
  }

  @Test
  void aValueThatIsNotAllThereIsAFault() {
    for (int size = 0; size < 8; size++) {
      BytesIO io = BytesIO.of(new byte[size]);
      assertFault(() -> Structs.copyIn(io, 0, PollFd.CODEC, OPTS));
      assertFault(() -> Structs.copyOut(io, 0, values(1).getFirst(), PollFd.CODEC, OPTS));
    }
  }

  private static void assertFault(Runnable copy) {
    assertSame(Errno.EFAULT, assertThrows(LinuxException.class, copy::run).errno());
  }

  @Test
  void arraysOfAnyLengthComeBack() {
    BytesIO io = BytesIO.of(new byte[8 * 1200 + 5]);
    for (int count : new int[] {0, 1, 511, 512, 513, 1024, 1200}) {
      List<PollFd> values = values(count);
      Structs.copyArrayOut(io, 5, values, PollFd.CODEC, OPTS);
      assertEquals(values, Structs.copyArrayIn(io, 5, count, PollFd.CODEC, OPTS));
    }
  }

  @Test
  void anArrayThatIsNotAllThereIsAFault() {
    BytesIO io = BytesIO.of(new byte[8 * 600]);
    assertFault(() -> Structs.copyArrayIn(io, 0, 601, PollFd.CODEC, OPTS));
    assertFault(() -> Structs.copyArrayIn(io, 1, 600, PollFd.CODEC, OPTS));
    assertFault(() -> Structs.copyArrayIn(io, 0, Integer.MAX_VALUE, PollFd.CODEC, OPTS));
    assertFault(() -> Structs.copyArrayOut(io, 8, values(600), PollFd.CODEC, OPTS));
    assertFault(() -> Structs.copyArrayIn(io, -8, 2, PollFd.CODEC, OPTS));
    assertFault(() -> Structs.copyArrayOut(io, -8, values(2), PollFd.CODEC, OPTS));
  }

  @Test
  void negativeCountsAreRefused() {
    BytesIO io = BytesIO.of(new byte[8]);
    assertThrows(
        IllegalArgumentException.class, () -> Structs.copyArrayIn(io, 0, -1, PollFd.CODEC, OPTS));
  }
}
