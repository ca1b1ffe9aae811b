package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulingAttributesTest {

  private static final int ROUND_ROBIN = 2;
  private static final int BATCH = 3;

  @ParameterizedTest
  @CsvSource({"-20, -20", "19, 19", "5, 5", "4096, 19", "-2147483648, -20"})
  void aNiceValueBeyondItsRangeIsTheNearestInIt(int asked, int expected) {
    assertEquals(expected, SchedulingAttributes.DEFAULT.withNice(asked).nice());
  }

  @Test
  void childrenInheritAllButWhatIsResetOnFork() {
    SchedulingAttributes plain = SchedulingAttributes.DEFAULT.withPolicy(ROUND_ROBIN, 10);
    assertEquals(plain, plain.forChild());
    int resets = ROUND_ROBIN | SchedulingAttributes.RESET_ON_FORK;
    assertEquals(
        SchedulingAttributes.DEFAULT,
        SchedulingAttributes.DEFAULT.withPolicy(resets, 10).withNice(-5).forChild());
    assertEquals(
        SchedulingAttributes.DEFAULT.withPolicy(BATCH, 0).withNice(3),
        SchedulingAttributes.DEFAULT
            .withPolicy(BATCH | SchedulingAttributes.RESET_ON_FORK, 0)
            .withNice(3)
            .forChild());
  }
}
