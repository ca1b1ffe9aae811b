package org.usermem.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

class StringVectorsTest {

  private static final IOOpts OPTS = IOOpts.DEFAULT;
  private static final int VECTOR = 0x101;

  private final BytesIO io = BytesIO.allocate(0x200);

  @BeforeEach
  void layOutStrings() {
    io.copyOutFully(0x10, "one\0two\0\0three\0".getBytes(StandardCharsets.ISO_8859_1), OPTS);
  }

  private void vector(long... pointers) {
    for (int i = 0; i < pointers.length; i++) {
      MemorySegment bytes = MemorySegment.ofArray(new long[] {pointers[i]});
      io.copyOutFully(VECTOR + 8L * i, bytes, OPTS);
    }
  }

  private List<String> copy(int maxString, long maxTotal) {
    return StringVectors.copyIn(io, VECTOR, maxString, maxTotal, OPTS);
  }

  private void assertErrno(Errno errno, int maxString, long maxTotal) {
    assertSame(errno, assertThrows(LinuxException.class, () -> copy(maxString, maxTotal)).errno());
  }

  @Test
  void theNullPointerEndsTheVector() {
    vector(0x10, 0x14, 0x18, 0x19, 0);
    assertEquals(List.of("one", "two", "", "three"), copy(100, 1000));
    vector(0);
    assertEquals(List.of(), copy(0, 0));
  }

  @Test
  void oneStringThatIsTooLongIsTooBig() {
    vector(0x10, 0x19, 0);
    assertEquals(List.of("one", "three"), copy(6, 1000));
    assertErrno(Errno.E2BIG, 5, 1000);
  }

  @Test
  void stringsAndPointersCountTowardTheTotal() {
    vector(0x10, 0x14, 0);
    assertEquals(List.of("one", "two"), copy(100, 24));
    for (int total = 0; total < 24; total++) {
      assertErrno(Errno.E2BIG, 100, total);
    }
  }

  @Test
  void manyPointersToNothingAreTooBig() {
    vector(0x18, 0x18, 0x18, 0x18, 0);
    assertEquals(List.of("", "", "", ""), copy(100, 36));
    assertErrno(Errno.E2BIG, 100, 35);
  }

  @Test
  void pointersAndStringsThatAreNotThereAreFaults() {
    vector(0x10, 0x200, 0);
    assertErrno(Errno.EFAULT, 100, 1000);
    LinuxException e =
        assertThrows(LinuxException.class, () -> StringVectors.copyIn(io, 0x1fc, 100, 1000, OPTS));
    assertSame(Errno.EFAULT, e.errno());
  }

  @Test
  void noVectorWrapsAroundTheAddressSpace() {
    IO everywhere =
        new ForwardingIO(io) {
          @Override
          public long copyIn(
              long addr, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts) {
            assertEquals(false, Addr.addOverflows(addr, byteCount));
            return io.copyIn(byteCount == 8 ? VECTOR : addr, dst, dstOffset, byteCount, opts);
          }
        };
    vector(0x10, 0);
    LinuxException e =
        assertThrows(
            LinuxException.class, () -> StringVectors.copyIn(everywhere, -20, 100, 1000, OPTS));
    assertSame(Errno.EFAULT, e.errno());
  }
}
