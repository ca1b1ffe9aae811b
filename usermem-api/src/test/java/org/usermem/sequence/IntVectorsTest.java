package org.usermem.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.usermem.block.BlockWriter;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

class IntVectorsTest {

  private static final int UNSET = -77;

  private final int[] dst = {UNSET, UNSET, UNSET};

  private static Source source(String text) {
    return Source.of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private long copy(String text) {
    return IntVectors.copyIn(source(text), dst);
  }

  @Test
  void numbersAreSeparatedByWhiteSpace() {
    assertEquals(10, copy(" 12\t-7\n 3\n"));
    assertArrayEquals(new int[] {12, -7, 3}, dst);
  }

  @Test
  void fewerNumbersThanAskedForAreFine() {
    assertEquals(4, copy("12  "));
    assertArrayEquals(new int[] {12, UNSET, UNSET}, dst);
  }

  @Test
  void whatIsAfterTheLastNumberIsLeft() {
    assertEquals(7, copy("1 2 3  4 x"));
    assertArrayEquals(new int[] {1, 2, 3}, dst);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0", "-0, 0", "2147483647, 2147483647", "-2147483648, -2147483648", "0x7f, 127",
    "0X7F, 127", "-0x10, -16", "017, 15", "00, 0", "-010, -8",
  })
  void numbersAreDecimalHexadecimalOrOctal(String text, int value) {
    assertEquals(text.length(), copy(text));
    assertEquals(value, dst[0]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2147483648",
        "-2147483649",
        "99999999999",
        "18446744073709551617",
        "x",
        "-",
        "--1",
        "+1",
        "1x",
        "1,2",
        "0x",
        "0xg",
        "08",
        "1-",
        "1.0",
        " ",
        "\n",
        "- 1",
        "000000000000000000001",
        "1\u000b",
        "\u0080",
        "1\u0080",
        "0x8000000000",
        "00000000000000000000012345678901234567890",
      })
  void whatIsNoIntIsInvalid(String text) {
    LinuxException e = assertThrows(LinuxException.class, () -> copy(text));
    assertSame(Errno.EINVAL, e.errno());
    assertArrayEquals(new int[] {UNSET, UNSET, UNSET}, dst);
  }

  @Test
  void twentyCharactersAreTheMost() {
    assertEquals(20, copy("00000000000000000001"));
    assertEquals(1, dst[0]);
  }

  @Test
  void numbersBeforeAnErrorAreSet() {
    assertThrows(LinuxException.class, () -> copy("5 6x 7"));
    assertArrayEquals(new int[] {5, UNSET, UNSET}, dst);
  }

  @Test
  void theNoBreakSpaceOfLatin1IsASpaceButNoSeparator() {
    assertEquals(3, copy("\u00a0\u000b5"));
    assertEquals(5, dst[0]);
    assertThrows(LinuxException.class, () -> copy("5\u00a06"));
  }

  @Test
  void nothingIsReadOfNothing() {
    assertEquals(0, copy(""));
    assertEquals(0, IntVectors.copyIn(source("x"), new int[0]));
  }

  @Test
  void aPageLessOneByteIsTheMost() {
    String text = " ".repeat(4093) + "123";
    assertEquals(4095, copy(text));
    assertEquals(12, dst[0]);
    assertThrows(LinuxException.class, () -> copy(" ".repeat(4095) + "1"));
  }

  @Test
  void textThatIsNotAllThereIsAFault() {
    Source half =
        new Source() {
          @Override
          public long numBytes() {
            return 4;
          }

          @Override
          public Source dropFirst(long byteCount) {
            throw new AssertionError();
          }

          @Override
          public Source takeFirst(long byteCount) {
            throw new AssertionError();
          }

          @Override
          public long copyIn(MemorySegment to, long dstOffset, long byteCount) {
            return source("12").copyIn(to, dstOffset, byteCount);
          }

          @Override
          public long copyInTo(BlockWriter to) {
            throw new AssertionError();
          }
        };
    LinuxException e = assertThrows(LinuxException.class, () -> IntVectors.copyIn(half, dst));
    assertSame(Errno.EFAULT, e.errno());
    assertEquals(2, e.bytesMoved());
    assertArrayEquals(new byte[] {'1', '2'}, half.copyInBytes(9));
  }
}
