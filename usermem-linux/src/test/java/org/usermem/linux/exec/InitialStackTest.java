package org.usermem.linux.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

class InitialStackTest {
  private static final long TOP = 0x7fff_ffff_f000L;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static InitialStack build(List<byte[]> arguments, long limit) {
    Program program = new Program("/bin/echo", arguments, List.of(bytes("A=1"), bytes("")));
    AuxiliaryVector auxiliary = new AuxiliaryVector().add(AuxiliaryVector.PAGESZ, 4096);
    return InitialStack.build(TOP, program, auxiliary, new byte[16], 40, limit);
  }

  private static long word(InitialStack stack, int index) {
    return MemorySegment.ofArray(stack.image()).get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * index);
  }

  private static String string(InitialStack stack, long address) {
    return MemorySegment.ofArray(stack.image())
        .getString(address - stack.stackPointer(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void theProgramFindsItsArgumentsEnvironmentAndVector() {
    InitialStack stack = build(List.of(bytes("echo"), bytes("h\u00efi")), 1 << 20);
    assertEquals(0, stack.stackPointer() % 16);
    assertEquals(TOP, stack.stackPointer() + stack.image().length);
    assertEquals(2, word(stack, 0));
    assertEquals("echo", string(stack, word(stack, 1)));
    assertEquals("h\u00efi", string(stack, word(stack, 2)));
    assertEquals(0, word(stack, 3));
    assertEquals("A=1", string(stack, word(stack, 4)));
    assertEquals("", string(stack, word(stack, 5)));
    assertEquals(0, word(stack, 6));
    assertEquals(AuxiliaryVector.PAGESZ, word(stack, 7));
    assertEquals(4096, word(stack, 8));
    assertEquals(AuxiliaryVector.RANDOM, word(stack, 9));
    assertEquals(AuxiliaryVector.EXECFN, word(stack, 11));
    assertEquals("/bin/echo", string(stack, word(stack, 12)));
    assertEquals(AuxiliaryVector.PLATFORM, word(stack, 13));
    assertEquals("x86_64", string(stack, word(stack, 14)));
    assertEquals(0, word(stack, 15));
    assertEquals(stack.argumentStart(), word(stack, 1));
    assertEquals(stack.argumentEnd(), word(stack, 4));
    assertEquals(stack.environmentEnd(), word(stack, 12));
    assertEquals(10 * 8, stack.auxiliaryVector().length);
  }

  @Test
  void anEmptyArgumentVectorIsPossible() {
    InitialStack stack = build(List.of(), 1 << 20);
    assertEquals(0, word(stack, 0));
    assertEquals(0, word(stack, 1));
    assertEquals("A=1", string(stack, word(stack, 2)));
  }

  @Test
  void moreThanTheLimitIsRefused() {
    LinuxException refused =
        assertThrows(LinuxException.class, () -> build(List.of(new byte[200]), 200));
    assertEquals(Errno.E2BIG, refused.errno());
  }

  @Test
  void theLimitIsAQuarterOfTheStackWithinBounds() {
    assertEquals(2 << 20, InitialStack.limit(8 << 20));
    assertEquals(128 << 10, InitialStack.limit(4096));
    assertEquals(6 << 20, InitialStack.limit(-1));
    assertTrue(InitialStack.limit(1L << 40) == 6 << 20);
  }
}
