package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulingAttributesTest {

  @ParameterizedTest
  @CsvSource({"-20, -20", "19, 19", "5, 5", "4096, 19", "-2147483648, -20"})
  void aNiceValueBeyondItsRangeIsTheNearestInIt(int asked, int expected) {
    assertEquals(expected, SchedulingAttributes.DEFAULT.withNice(asked).nice());
  }
}
