package org.usermem.linux.tty;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class TermioTest {
  private static final int LOCAL_FLAGS = 6;
  private static final int CHARACTERS = 9;
  private static final int BEYOND_EIGHT = Termios.VSUSP;

  private final MemorySegment struct = MemorySegment.ofArray(new byte[Termio.BYTE_COUNT]);

  @Test
  void whatWasReadChangesNothingWhenItIsSet() {
    Termios before = Termios.STANDARD.withLocalFlags(0x1_0000 | Termios.ICANON);
    Termio.encode(before, struct);
    assertEquals((short) Termios.ICANON, struct.get(JAVA_SHORT_UNALIGNED, LOCAL_FLAGS));
    Termios after = Termio.decode(before, struct);
    assertEquals(before.localFlags(), after.localFlags());
    assertEquals(before.outputFlags(), after.outputFlags());
    assertEquals(before.controlCharacter(BEYOND_EIGHT), after.controlCharacter(BEYOND_EIGHT));
  }

  @Test
  void flagsAndTheFirstCharactersAreSet() {
    Termio.encode(Termios.STANDARD, struct);
    struct.set(JAVA_SHORT_UNALIGNED, LOCAL_FLAGS, (short) Termios.ISIG);
    struct.set(JAVA_BYTE, CHARACTERS + Termios.VINTR, (byte) 7);
    Termios after = Termio.decode(Termios.STANDARD, struct);
    assertFalse(after.isCanonical());
    assertTrue(after.hasLocal(Termios.ISIG));
    assertTrue(after.is(Termios.VINTR, (byte) 7));
  }
}
