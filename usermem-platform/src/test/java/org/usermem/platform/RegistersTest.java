package org.usermem.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class RegistersTest {

  @Test
  void areTheStructOfTheKernel() {
    Registers registers = new Registers();
    for (int index = 0; index < Registers.WORD_COUNT; index++) {
      registers.set(index, 100 + index);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = arena.allocate(Registers.BYTE_COUNT, 8);
      registers.writeTo(struct);
      assertEquals(216, struct.byteSize());
      assertEquals(116, struct.getAtIndex(ValueLayout.JAVA_LONG, Registers.RIP));
      Registers copy = new Registers();
      copy.readFrom(struct);
      assertEquals(registers, copy);
    }
  }

  @Test
  void argumentsAreThoseOfTheSystemCallConvention() {
    Registers registers = new Registers();
    int[] order = {
      Registers.RDI, Registers.RSI, Registers.RDX, Registers.R10, Registers.R8, Registers.R9
    };
    for (int index = 0; index < order.length; index++) {
      registers.set(order[index], 40 + index);
    }
    for (int index = 0; index < order.length; index++) {
      assertEquals(40 + index, registers.argument(index));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> registers.argument(6));
  }

  @Test
  void resetIsTheStateOfANewProgram() {
    Registers registers = new Registers();
    registers.setRax(7);
    assertNotEquals(new Registers(), registers);
    registers.reset();
    assertEquals(new Registers(), registers);
    assertEquals(0x33, registers.get(Registers.CS));
    assertEquals(-1, registers.origRax());
  }
}
