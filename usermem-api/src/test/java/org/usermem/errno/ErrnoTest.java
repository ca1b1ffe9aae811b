package org.usermem.errno;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrnoTest {

  @Test
  void numbersRunFrom1To133WithTwoHoles() {
    Set<Integer> numbers = new HashSet<>();
    for (Errno errno : Errno.values()) {
      assertTrue(numbers.add(errno.number()), errno.name());
      assertSame(errno, Errno.of(errno.number()));
      assertTrue(Errno.isKnown(errno.number()));
      assertFalse(errno.description().isBlank());
    }
    assertEquals(131, numbers.size());
    assertEquals(133, Errno.MAX_NUMBER);
    assertFalse(numbers.contains(41));
    assertFalse(numbers.contains(58));
  }

  @Test
  void namesStandForTheNumbersOfLinux() {
    assertEquals(1, Errno.EPERM.number());
    assertEquals(11, Errno.EAGAIN.number());
    assertEquals(14, Errno.EFAULT.number());
    assertEquals(22, Errno.EINVAL.number());
    assertEquals(35, Errno.EDEADLK.number());
    assertEquals(38, Errno.ENOSYS.number());
    assertEquals(75, Errno.EOVERFLOW.number());
    assertEquals(95, Errno.EOPNOTSUPP.number());
    assertEquals(110, Errno.ETIMEDOUT.number());
    assertEquals("Bad address", Errno.EFAULT.description());
  }

  @Test
  void someErrnosHaveTwoNames() {
    assertSame(Errno.EAGAIN, Errno.EWOULDBLOCK);
    assertSame(Errno.EDEADLK, Errno.EDEADLOCK);
    assertSame(Errno.EOPNOTSUPP, Errno.ENOTSUP);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, -14, 41, 58, 134, 512, Integer.MAX_VALUE})
  void otherNumbersAreRefused(int number) {
    assertFalse(Errno.isKnown(number));
    assertThrows(IllegalArgumentException.class, () -> Errno.of(number));
  }
}
