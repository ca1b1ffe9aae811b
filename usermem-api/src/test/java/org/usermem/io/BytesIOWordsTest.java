package org.usermem.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

class BytesIOWordsTest {

  private static final IOOpts OPTS = IOOpts.DEFAULT;

  private final BytesIO io = BytesIO.allocate(20);

  @Test
  void wordsAreLittleEndian() {
    io.storeInt(4, 0x04030201, OPTS);
    byte[] bytes = new byte[4];
    io.copyInFully(4, bytes, OPTS);
    assertArrayEquals(new byte[] {1, 2, 3, 4}, bytes);
    io.storeLong(8, 0x0807060504030201L, OPTS);
    assertEquals(0x04030201, io.loadInt(8, OPTS));
    assertEquals(0x08070605, io.loadInt(12, OPTS));
    assertEquals(0x0403020100000000L, io.loadLong(0, OPTS));
  }

  @Test
  void swapGivesWhatWasThere() {
    io.storeInt(16, -5, OPTS);
    assertEquals(-5, io.swapInt(16, 7, OPTS));
    assertEquals(7, io.loadInt(16, OPTS));
    io.storeLong(8, -5, OPTS);
    assertEquals(-5, io.swapLong(8, Long.MIN_VALUE, OPTS));
    assertEquals(Long.MIN_VALUE, io.loadLong(8, OPTS));
  }

  @Test
  void compareAndExchangeReplacesOnlyWhatIsExpected() {
    io.storeInt(4, 10, OPTS);
    assertEquals(10, io.compareAndExchangeInt(4, 9, 11, OPTS));
    assertEquals(10, io.loadInt(4, OPTS));
    assertEquals(10, io.compareAndExchangeInt(4, 10, 11, OPTS));
    assertEquals(11, io.loadInt(4, OPTS));
    io.storeLong(8, 10, OPTS);
    assertEquals(10, io.compareAndExchangeLong(8, 9, 11, OPTS));
    assertEquals(10, io.compareAndExchangeLong(8, 10, 11, OPTS));
    assertEquals(11, io.loadLong(8, OPTS));
  }

  @Test
  void fetchAndApplyDoesWhatTheOperationSays() {
    for (AtomicOp op : AtomicOp.values()) {
      io.storeInt(0, 0x7fff_fff5, OPTS);
      assertEquals(0x7fff_fff5, io.fetchAndApplyInt(0, op, 0x1f, OPTS));
      assertEquals(op.apply(0x7fff_fff5, 0x1f), io.loadInt(0, OPTS));
      io.storeLong(8, 0x7fff_ffff_ffff_fff5L, OPTS);
      assertEquals(0x7fff_ffff_ffff_fff5L, io.fetchAndApplyLong(8, op, 0x1f, OPTS));
      assertEquals(op.apply(0x7fff_ffff_ffff_fff5L, 0x1fL), io.loadLong(8, OPTS));
    }
    assertEquals(3, AtomicOp.ADD.apply(1, 2));
    assertEquals(Integer.MIN_VALUE, AtomicOp.ADD.apply(Integer.MAX_VALUE, 1));
    assertEquals(0b1000, AtomicOp.AND.apply(0b1100, 0b1010));
    assertEquals(0b1110, AtomicOp.OR.apply(0b1100, 0b1010));
    assertEquals(0b0110, AtomicOp.XOR.apply(0b1100, 0b1010));
    assertEquals(Long.MIN_VALUE, AtomicOp.ADD.apply(Long.MAX_VALUE, 1L));
    assertEquals(0b1000L, AtomicOp.AND.apply(0b1100L, 0b1010L));
    assertEquals(0b1110L, AtomicOp.OR.apply(0b1100L, 0b1010L));
    assertEquals(0b0110L, AtomicOp.XOR.apply(0b1100L, 0b1010L));
  }

  /** All accesses of a word. */
  private static List<Executable> accesses(BytesIO io, long addr, int width) {
    List<Executable> accesses = new ArrayList<>();
    if (width == Integer.BYTES) {
      accesses.add(() -> io.loadInt(addr, OPTS));
      accesses.add(() -> io.storeInt(addr, 1, OPTS));
      accesses.add(() -> io.swapInt(addr, 1, OPTS));
      accesses.add(() -> io.compareAndExchangeInt(addr, 0, 1, OPTS));
      accesses.add(() -> io.fetchAndApplyInt(addr, AtomicOp.ADD, 1, OPTS));
    } else {
      accesses.add(() -> io.loadLong(addr, OPTS));
      accesses.add(() -> io.storeLong(addr, 1, OPTS));
      accesses.add(() -> io.swapLong(addr, 1, OPTS));
      accesses.add(() -> io.compareAndExchangeLong(addr, 0, 1, OPTS));
      accesses.add(() -> io.fetchAndApplyLong(addr, AtomicOp.ADD, 1, OPTS));
    }
    return accesses;
  }

  private void assertErrno(Errno errno, long addr, int width) {
    for (Executable access : accesses(io, addr, width)) {
      assertSame(errno, assertThrows(LinuxException.class, access).errno());
    }
  }

  @Test
  void wordsThatAreNotAlignedAreInvalid() {
    for (long addr : new long[] {1, 2, 3, 5, 19, -1}) {
      assertErrno(Errno.EINVAL, addr, Integer.BYTES);
    }
    assertErrno(Errno.EINVAL, 4, Long.BYTES);
  }

  @Test
  void wordsThatAreNotAllThereAreFaults() {
    assertErrno(Errno.EFAULT, 20, Integer.BYTES);
    assertErrno(Errno.EFAULT, -4, Integer.BYTES);
    assertErrno(Errno.EFAULT, 16, Long.BYTES);
    assertErrno(Errno.EFAULT, 24, Long.BYTES);
    assertErrno(Errno.EFAULT, -8, Long.BYTES);
    assertEquals(0, io.loadInt(16, OPTS));
    assertEquals(0, io.loadLong(8, OPTS));
  }

  @Test
  void anArrayHasWordsUpToTheSizeOfItsElements() {
    BytesIO longs = BytesIO.of(MemorySegment.ofArray(new long[2]));
    longs.storeLong(8, 5, OPTS);
    assertEquals(5, longs.loadInt(8, OPTS));
    BytesIO ints = BytesIO.of(MemorySegment.ofArray(new int[4]));
    assertEquals(0, ints.swapInt(4, 5, OPTS));
    for (Executable access : accesses(ints, 8, Long.BYTES)) {
      assertThrows(UnsupportedOperationException.class, access);
    }
    for (Executable access : accesses(BytesIO.of(new byte[16]), 8, Integer.BYTES)) {
      UnsupportedOperationException e = assertThrows(UnsupportedOperationException.class, access);
      assertTrue(e.getMessage().contains("BytesIO.allocate"), e.getMessage());
    }
  }

  @Test
  void additionsFromTwoThreadsAllCount() throws InterruptedException {
    Runnable additions =
        () -> {
          for (int i = 0; i < 10_000; i++) {
            io.fetchAndApplyInt(0, AtomicOp.ADD, 1, OPTS);
            io.fetchAndApplyLong(8, AtomicOp.ADD, 1, OPTS);
          }
        };
    Thread other = new Thread(additions);
    other.start();
    additions.run();
    other.join();
    assertEquals(20_000, io.loadInt(0, OPTS));
    assertEquals(20_000, io.loadLong(8, OPTS));
  }
}
