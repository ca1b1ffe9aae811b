package org.usermem.linux.account;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AccountingRecordTest {

  private static int compressed(int exponent, int mantissa) {
    return exponent << 13 | mantissa;
  }

  @Test
  void smallNumbersAreThemselves() {
    assertEquals(0, AccountingRecord.compressed(0));
    assertEquals(8191, AccountingRecord.compressed(8191));
  }

  @Test
  void largerOnesAreRoundedToAPowerOfEight() {
    assertEquals(compressed(1, 1024), AccountingRecord.compressed(8192));
    assertEquals(compressed(1, 1024), AccountingRecord.compressed(8195));
    assertEquals(compressed(1, 1025), AccountingRecord.compressed(8196));
    assertEquals(compressed(2, 1024), AccountingRecord.compressed(65535));
  }

  @Test
  void whatIsTooLargeIsTheLargest() {
    assertEquals(compressed(7, 8191), AccountingRecord.compressed(8191L << 21));
    assertEquals(0xffff, AccountingRecord.compressed(Long.MAX_VALUE));
  }
}
