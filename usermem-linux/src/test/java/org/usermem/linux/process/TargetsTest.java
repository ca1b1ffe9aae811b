package org.usermem.linux.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

class TargetsTest {

  @Test
  void aRemoteRangeThatWrapsAroundIsWhereNothingIsMapped() {
    AddrRangeSeq ranges = Targets.remoteRanges(new long[] {0x1000, 16, -1, 7514});
    assertEquals(0x1000, ranges.start(0));
    assertEquals(16, ranges.byteCount(0));
    assertEquals(Long.MIN_VALUE, ranges.start(1));
    assertEquals(7514, ranges.byteCount(1));
  }

  @Test
  void moreThanAnAddressSpaceIsInvalid() {
    long[][] all = {{0, -1}, {0, Long.MAX_VALUE, 0, 1}};
    for (long[] pairs : all) {
      LinuxException e =
          assertThrows(LinuxException.class, () -> Targets.remoteRanges(pairs.clone()));
      assertEquals(Errno.EINVAL, e.errno());
    }
  }
}
