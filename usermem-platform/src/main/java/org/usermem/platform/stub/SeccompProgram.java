package org.usermem.platform.stub;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An assembler for seccomp(2) filters: classic BPF over {@code struct seccomp_data}.
 *
 * <p>Jumps go to labels that are defined further on; a jump whose condition does not hold falls
 * through.
 */
final class SeccompProgram {

  /** Offset of the system call's number in {@code struct seccomp_data}. */
  static final int NUMBER = 0;

  /** Offset of the architecture. */
  static final int ARCHITECTURE = 4;

  /** Offset of the lower half of the instruction pointer, which is behind the instruction. */
  static final int POINTER_LOW = 8;

  /** Offset of the upper half of the instruction pointer. */
  static final int POINTER_HIGH = 12;

  /** Number of bytes of an instruction. */
  static final int INSTRUCTION_BYTES = 8;

  private static final int LOAD_WORD = 0x20;
  private static final int AND = 0x54;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;
  private static final int JUMP = 0x05;
  private static final int ARGUMENTS = 16;

  private record Instruction(int code, int operand, String ifTrue, String ifFalse) {}

  private static final String NEXT = "";

  private final List<Instruction> instructions = new ArrayList<>();
  private final Map<String, Integer> labels = new HashMap<>();

  /** Returns the offset of the lower half of an argument, from 0 to 5. */
  static int argumentLow(int index) {
    return ARGUMENTS + 8 * index;
  }

  /** Returns the offset of the upper half of an argument, from 0 to 5. */
  static int argumentHigh(int index) {
    return argumentLow(index) + 4;
  }

  /** Loads a word of the data. */
  SeccompProgram load(int offset) {
    return add(LOAD_WORD, offset, NEXT, NEXT);
  }

  /** Keeps only some bits of the loaded word. */
  SeccompProgram and(int mask) {
    return add(AND, mask, NEXT, NEXT);
  }

  /** Goes to a label if the loaded word has a value. */
  SeccompProgram ifEqual(int value, String label) {
    return add(JUMP_IF_EQUAL, value, label, NEXT);
  }

  /** Goes to a label unless the loaded word has a value. */
  SeccompProgram unlessEqual(int value, String label) {
    return add(JUMP_IF_EQUAL, value, NEXT, label);
  }

  /** Goes to a label. */
  SeccompProgram go(String label) {
    return add(JUMP, 0, label, NEXT);
  }

  /** Ends with an action, such as SECCOMP_RET_ALLOW. */
  SeccompProgram end(int action) {
    return add(RETURN, action, NEXT, NEXT);
  }

  /** Defines a label here. */
  SeccompProgram label(String name) {
    if (labels.put(name, instructions.size()) != null) {
      throw new IllegalArgumentException("label " + name + " is defined twice");
    }
    return this;
  }

  /** Returns the number of instructions. */
  int instructionCount() {
    return instructions.size();
  }

  /** Returns the program as an array of {@code struct sock_filter}. */
  byte[] assemble() {
    ByteBuffer out =
        ByteBuffer.allocate(instructions.size() * INSTRUCTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int index = 0; index < instructions.size(); index++) {
      Instruction instruction = instructions.get(index);
      int ifTrue = distance(index, instruction.ifTrue());
      int ifFalse = distance(index, instruction.ifFalse());
      out.putShort((short) instruction.code());
      if (instruction.code() == JUMP) {
        out.putShort((short) 0).putInt(ifTrue);
      } else {
        out.put(shortDistance(ifTrue)).put(shortDistance(ifFalse)).putInt(instruction.operand());
      }
    }
    return out.array();
  }

  private SeccompProgram add(int code, int operand, String ifTrue, String ifFalse) {
    instructions.add(new Instruction(code, operand, ifTrue, ifFalse));
    return this;
  }

  private int distance(int from, String label) {
    if (label.equals(NEXT)) {
      return 0;
    }
    Integer target = labels.get(label);
    if (target == null || target <= from) {
      throw new IllegalArgumentException("label " + label + " is not defined further on");
    }
    return target - from - 1;
  }

  private static byte shortDistance(int distance) {
    if (distance > 255) {
      throw new IllegalArgumentException("a conditional jump over " + distance + " instructions");
    }
    return (byte) distance;
  }
}
