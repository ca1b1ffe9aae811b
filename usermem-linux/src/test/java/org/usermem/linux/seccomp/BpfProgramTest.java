package org.usermem.linux.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

class BpfProgramTest {
  private static final int LD_ABS = 0x20;
  private static final int LD_IMM = 0;
  private static final int LDX_IMM = 1;
  private static final int ST = 2;
  private static final int LD_MEM = 0x60;
  private static final int ADD_K = 0x04;
  private static final int SUB_X = 0x1c;
  private static final int DIV_K = 0x34;
  private static final int DIV_X = 0x3c;
  private static final int LSH_K = 0x64;
  private static final int RSH_K = 0x74;
  private static final int NEG = 0x84;
  private static final int JA = 0x05;
  private static final int JEQ = 0x15;
  private static final int JGT = 0x25;
  private static final int JSET = 0x45;
  private static final int RET = 0x06;
  private static final int RET_A = 0x16;
  private static final int TAX = 0x07;

  /** Makes a program of instructions, each a code, two jumps and a constant. */
  private static BpfProgram program(int... fields) {
    ByteBuffer bytes = ByteBuffer.allocate(fields.length * 2).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < fields.length; i += 4) {
      bytes.putShort((short) fields[i]).put((byte) fields[i + 1]).put((byte) fields[i + 2]);
      bytes.putInt(fields[i + 3]);
    }
    return BpfProgram.decode(MemorySegment.ofArray(bytes.array()));
  }

  private static int run(int... fields) {
    int[] data = new int[16];
    Arrays.setAll(data, i -> i * 10);
    return program(fields).run(data);
  }

  private static void assertInvalid(int... fields) {
    assertEquals(Errno.EINVAL, assertThrows(LinuxException.class, () -> program(fields)).errno());
  }

  @Test
  void wordsOfTheCallAreLoadedAndCompared() {
    assertEquals(30, run(LD_ABS, 0, 0, 12, RET_A, 0, 0, 0));
    int[] branches = {LD_ABS, 0, 0, 4, JEQ, 0, 1, 10, RET, 0, 0, 1, RET, 0, 0, 2};
    assertEquals(1, run(branches));
    branches[7] = 11;
    assertEquals(2, run(branches));
    assertEquals(1, run(LD_IMM, 0, 0, -1, JGT, 0, 1, 5, RET, 0, 0, 1, RET, 0, 0, 2));
    assertEquals(2, run(LD_IMM, 0, 0, 4, JSET, 0, 1, 3, RET, 0, 0, 1, RET, 0, 0, 2));
    assertEquals(2, run(JA, 0, 0, 1, RET, 0, 0, 1, RET, 0, 0, 2));
  }

  @Test
  void arithmeticIsOfUnsignedWords() {
    assertEquals(7, run(LD_IMM, 0, 0, 5, ADD_K, 0, 0, 2, RET_A, 0, 0, 0));
    assertEquals(3, run(LD_IMM, 0, 0, 5, LDX_IMM, 0, 0, 2, SUB_X, 0, 0, 0, RET_A, 0, 0, 0));
    assertEquals(0x7fffffff, run(LD_IMM, 0, 0, -1, DIV_K, 0, 0, 2, RET_A, 0, 0, 0));
    assertEquals(0, run(LD_IMM, 0, 0, 9, DIV_X, 0, 0, 0, RET, 0, 0, 5));
    assertEquals(1, run(LD_IMM, 0, 0, -1, RSH_K, 0, 0, 31, RET_A, 0, 0, 0));
    assertEquals(-8, run(LD_IMM, 0, 0, 1, LSH_K, 0, 0, 3, NEG, 0, 0, 0, RET_A, 0, 0, 0));
  }

  @Test
  void memoryKeepsWhatWasStored() {
    assertEquals(
        9, run(LD_IMM, 0, 0, 9, ST, 0, 0, 3, LD_IMM, 0, 0, 1, LD_MEM, 0, 0, 3, RET_A, 0, 0, 0));
    assertInvalid(LD_MEM, 0, 0, 3, RET_A, 0, 0, 0);
    // One of the two ways to the load has not stored anything.
    assertInvalid(JEQ, 0, 1, 0, ST, 0, 0, 3, LD_MEM, 0, 0, 3, RET_A, 0, 0, 0);
    assertInvalid(ST, 0, 0, 16, RET, 0, 0, 0);
  }

  @Test
  void programsThatCouldGoAstrayAreRefused() {
    assertInvalid();
    assertInvalid(LD_IMM, 0, 0, 0);
    assertInvalid(LD_ABS, 0, 0, 2, RET, 0, 0, 0);
    assertInvalid(LD_ABS, 0, 0, 64, RET, 0, 0, 0);
    assertInvalid(LD_ABS, 0, 0, -4, RET, 0, 0, 0);
    assertInvalid(JA, 0, 0, 1, RET, 0, 0, 0);
    assertInvalid(JA, 0, 0, -1, RET, 0, 0, 0);
    assertInvalid(JEQ, 0, 1, 0, RET, 0, 0, 0);
    assertInvalid(DIV_K, 0, 0, 0, RET, 0, 0, 0);
    assertInvalid(LSH_K, 0, 0, 32, RET, 0, 0, 0);
    assertInvalid(0x28, 0, 0, 0, RET, 0, 0, 0);
    assertInvalid(0x94, 0, 0, 1, RET, 0, 0, 0);
    assertInvalid(TAX | 0x100, 0, 0, 0, RET, 0, 0, 0);
  }

  @Property(seed = "1")
  void whateverIsAcceptedEndsWithinItsBounds(
      @ForAll @Size(min = 8, max = 256) byte[] instructions) {
    MemorySegment bytes = MemorySegment.ofArray(instructions).asSlice(0, instructions.length & ~7);
    BpfProgram program;
    try {
      program = BpfProgram.decode(bytes);
    } catch (LinuxException e) {
      assertEquals(Errno.EINVAL, e.errno());
      return;
    }
    program.run(new int[16]);
  }
}
