package org.usermem.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

class CStringsTest {

  private static final IOOpts OPTS = IOOpts.DEFAULT;
  private static final int PAGE = (int) Addr.PAGE_SIZE;

  private static FaultingIO memory(String text) {
    return new FaultingIO(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void assertErrno(Errno errno, IO io, long addr, int maxByteCount) {
    LinuxException e =
        assertThrows(LinuxException.class, () -> io.copyStringIn(addr, maxByteCount, OPTS));
    assertSame(errno, e.errno());
  }

  @Test
  void theZeroByteEndsTheString() {
    assertEquals("bc", memory("abc\0def").copyStringIn(1, 100, OPTS));
    assertEquals("", memory("\0def").copyStringIn(0, 100, OPTS));
  }

  @Test
  void everyByteIsOneChar() {
    assertEquals(
        "\u00ff\u0080\u00c3\u00a4", memory("\u00ff\u0080\u00c3\u00a4\0").copyStringIn(0, 9, OPTS));
  }

  @Test
  void theLimitCountsTheZeroByte() {
    IO io = memory("abc\0");
    assertEquals("abc", io.copyStringIn(0, 4, OPTS));
    assertErrno(Errno.ENAMETOOLONG, io, 0, 3);
    assertErrno(Errno.ENAMETOOLONG, io, 0, 0);
    assertThrows(IllegalArgumentException.class, () -> io.copyStringIn(0, -1, OPTS));
  }

  @Test
  void theLimitIsMetBeforeTheFaultBehindIt() {
    IO io = memory("abc");
    assertErrno(Errno.ENAMETOOLONG, io, 0, 3);
    assertErrno(Errno.EFAULT, io, 0, 4);
    assertErrno(Errno.EFAULT, io, 3, 4);
    assertErrno(Errno.EFAULT, io, -1, 4);
  }

  @Test
  void aStringMayEndAtTheLastByteOfAPage() {
    byte[] bytes = new byte[3 * PAGE];
    Arrays.fill(bytes, (byte) 'x');
    bytes[2 * PAGE - 1] = 0;
    FaultingIO io = new FaultingIO(bytes).unmap(2 * PAGE, 3 * PAGE);
    for (int start : new int[] {0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE - 65, 2 * PAGE - 2}) {
      assertEquals(
          "x".repeat(2 * PAGE - 1 - start), io.copyStringIn(start, 2 * PAGE, OPTS), "at " + start);
    }
    assertEquals("", io.copyStringIn(2 * PAGE - 1, 1, OPTS));
    assertErrno(Errno.EFAULT, io, 2 * PAGE, 10);
  }

  @Test
  void aFaultAtEveryByteBeforeTheZeroByteIsAFault() {
    byte[] bytes = new byte[PAGE + 300];
    Arrays.fill(bytes, (byte) 'y');
    int end = PAGE + 200;
    bytes[end] = 0;
    FaultingIO io = new FaultingIO(bytes);
    int start = PAGE - 100;
    for (int k = start; k < bytes.length; k++) {
      io.faultAt(k);
      if (k <= end) {
        assertErrno(Errno.EFAULT, io, start, 1000);
      } else {
        assertEquals("y".repeat(300), io.copyStringIn(start, 1000, OPTS));
      }
    }
  }

  @Test
  void aStringIsReadPageByPage() {
    int[] crossings = {0};
    FaultingIO memory = new FaultingIO(new byte[2 * PAGE]);
    Arrays.fill(memory.bytes, (byte) 'z');
    memory.bytes[2 * PAGE - 1] = 0;
    IO io =
        new ForwardingIO(memory) {
          @Override
          public long copyIn(
              long addr, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts) {
            boolean crosses = addr / PAGE != (addr + byteCount - 1) / PAGE;
            crossings[0] += crosses ? 1 : 0;
            return super.copyIn(addr, dst, dstOffset, byteCount, opts);
          }
        };
    assertEquals(2 * PAGE - 18, io.copyStringIn(17, 2 * PAGE, OPTS).length());
    assertEquals(0, crossings[0]);
  }

  @Test
  void theBufferGrowsWithWhatIsThereAndNotWithTheLimit() {
    assertEquals("ab", memory("ab\0").copyStringIn(0, Integer.MAX_VALUE, OPTS));
    assertErrno(Errno.EFAULT, memory("a".repeat(5000)), 0, Integer.MAX_VALUE);
  }

  @Test
  void noStringWrapsAroundTheAddressSpace() {
    IO io =
        new ForwardingIO(new FaultingIO(new byte[1])) {
          @Override
          public long copyIn(
              long addr, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts) {
            assertTrue(Addr.lessThan(0x1000, addr), "wrapped to " + Addr.toString(addr));
            dst.asSlice(dstOffset, byteCount).fill((byte) 'a');
            return byteCount;
          }
        };
    assertErrno(Errno.EFAULT, io, -10, 100);
    assertErrno(Errno.ENAMETOOLONG, io, -10, 9);
  }
}
