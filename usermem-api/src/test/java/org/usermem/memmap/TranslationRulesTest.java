package org.usermem.memmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AccessType;

class TranslationRulesTest {

  private static final MappableRange REQUIRED = range(2, 4);
  private static final MappableRange OPTIONAL = range(1, 6);

  private static MappableRange range(long firstPage, long endPage) {
    return new MappableRange(firstPage << 12, endPage << 12);
  }

  private static Translation translation(long firstPage, long endPage, AccessType access) {
    return new Translation(range(firstPage, endPage), 0x100000 + (firstPage << 12), access);
  }

  private static Translation translation(long firstPage, long endPage) {
    return translation(firstPage, endPage, AccessType.READ_WRITE);
  }

  private static void assertKept(Translation... translations) {
    assertNull(
        TranslationRules.violation(REQUIRED, OPTIONAL, AccessType.WRITE, List.of(translations)));
  }

  private static void assertViolated(String why, Translation... translations) {
    String violation =
        TranslationRules.violation(REQUIRED, OPTIONAL, AccessType.WRITE, List.of(translations));
    assertNotNull(violation);
    assertTrue(violation.contains(why), violation);
  }

  @Test
  void resultsThatKeepTheRulesPass() {
    assertKept(translation(2, 4));
    assertKept(translation(1, 6));
    assertKept(translation(2, 3), translation(3, 6));
    assertKept(translation(1, 3), translation(3, 4, AccessType.ANY));
  }

  @Test
  void whatIsMissingAtTheEndIsBeyondTheEndOfTheObject() {
    assertKept();
    assertKept(translation(2, 3));
  }

  @Test
  void theStartMustBeCovered() {
    assertViolated("does not cover the start", translation(3, 4));
    assertViolated("does not cover the start", translation(1, 2), translation(2, 4));
  }

  @Test
  void theResultMustHaveNoGaps() {
    assertViolated(
        "does not start where the one before it ends", translation(2, 3), translation(4, 5));
    assertViolated(
        "does not start where the one before it ends", translation(2, 4), translation(3, 4));
  }

  @Test
  void everyPartMustBeRequiredAndOptional() {
    assertViolated("has nothing of the required range", translation(2, 4), translation(4, 5));
    assertViolated("is not within the optional range", translation(2, 7));
    assertViolated("is not within the optional range", translation(0, 4));
  }

  @Test
  void theAccessAskedForMustBeAllowed() {
    assertViolated("does not allow -w-", translation(2, 4, AccessType.READ_EXECUTE));
    assertViolated("does not allow -w-", translation(2, 3), translation(3, 4, AccessType.NONE));
  }

  @Test
  void wrongArgumentsAreTheCallersFault() {
    List<MappableRange> wrong =
        List.of(new MappableRange(0x2000, 0x2000), new MappableRange(0x2000, 0x2001), range(0, 2));
    for (MappableRange required : wrong) {
      assertThrows(
          IllegalArgumentException.class,
          () -> TranslationRules.violation(required, OPTIONAL, AccessType.READ, List.of()));
    }
    MappableRange crooked = new MappableRange(0x2000, 0x4001);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> TranslationRules.violation(REQUIRED, crooked, AccessType.READ, List.of()));
    assertEquals(
        "required [0x2000, 0x4000) is empty, or it or optional [0x2000, 0x4001) is not aligned",
        e.getMessage());
  }
}
