package org.usermem.linux.seccomp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * A classic BPF program over the data of a system call, checked when it is made so that it always
 * ends within its bounds: {@code bpf_check_classic} of net/core/filter.c and {@code
 * seccomp_check_filter} of kernel/seccomp.c. Immutable.
 */
final class BpfProgram {
  /** The most instructions (BPF_MAXINSNS). */
  static final int MAXIMUM_LENGTH = 4096;

  /** Length of an instruction in bytes: {@code struct sock_filter}. */
  static final int INSTRUCTION_BYTE_COUNT = 8;

  /** Length of the data in bytes: {@code struct seccomp_data}. */
  static final int DATA_BYTE_COUNT = 64;

  private static final int MEMORY_WORDS = 16;
  private static final int CLASS_MASK = 7;
  private static final int LD = 0;
  private static final int LDX = 1;
  private static final int ST = 2;
  private static final int STX = 3;
  private static final int ALU = 4;
  private static final int JMP = 5;
  private static final int RET = 6;

  private static final int LD_ABS = 0x20;
  private static final int LD_LEN = 0x80;
  private static final int LDX_LEN = 0x81;
  private static final int LD_IMM = 0x00;
  private static final int LDX_IMM = 0x01;
  private static final int LD_MEM = 0x60;
  private static final int LDX_MEM = 0x61;
  private static final int RET_K = 0x06;
  private static final int RET_A = 0x16;
  private static final int TAX = 0x07;
  private static final int TXA = 0x87;

  private static final int SOURCE_X = 0x08;
  private static final int ADD = 0x00;
  private static final int SUB = 0x10;
  private static final int MUL = 0x20;
  private static final int DIV = 0x30;
  private static final int OR = 0x40;
  private static final int AND = 0x50;
  private static final int LSH = 0x60;
  private static final int RSH = 0x70;
  private static final int NEG = 0x80;
  private static final int XOR = 0xa0;
  private static final int OPERATION_MASK = 0xf0;

  private static final int JA = 0x00;
  private static final int JEQ = 0x10;
  private static final int JGT = 0x20;
  private static final int JGE = 0x30;
  private static final int JSET = 0x40;

  private final int[] codes;
  private final int[] whenTrue;
  private final int[] whenFalse;
  private final int[] constants;

  private BpfProgram(int length) {
    codes = new int[length];
    whenTrue = new int[length];
    whenFalse = new int[length];
    constants = new int[length];
  }

  /**
   * Reads and checks a program.
   *
   * @param instructions an array of {@code struct sock_filter}
   * @throws LinuxException EINVAL for anything that a filter may not do
   */
  static BpfProgram decode(MemorySegment instructions) {
    int length = (int) (instructions.byteSize() / INSTRUCTION_BYTE_COUNT);
    if (length == 0 || length > MAXIMUM_LENGTH) {
      throw LinuxException.of(Errno.EINVAL);
    }
    BpfProgram program = new BpfProgram(length);
    for (int i = 0; i < length; i++) {
      long at = (long) i * INSTRUCTION_BYTE_COUNT;
      program.codes[i] =
          Short.toUnsignedInt(instructions.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
      program.whenTrue[i] = Byte.toUnsignedInt(instructions.get(ValueLayout.JAVA_BYTE, at + 2));
      program.whenFalse[i] = Byte.toUnsignedInt(instructions.get(ValueLayout.JAVA_BYTE, at + 3));
      program.constants[i] = instructions.get(ValueLayout.JAVA_INT_UNALIGNED, at + 4);
    }
    program.check();
    return program;
  }

  /** Returns how many instructions it has. */
  int length() {
    return codes.length;
  }

  private void check() {
    boolean sane = true;
    // Which words of memory every way to an instruction has written (check_load_and_stores).
    int[] written = new int[codes.length];
    Arrays.fill(written, 0xffff);
    written[0] = 0;
    for (int i = 0; i < codes.length && sane; i++) {
      sane = isAllowed(i) && jumpsWithin(i) && readsWhatIsWritten(i, written);
    }
    int last = codes[codes.length - 1];
    if (!sane || (last != RET_K && last != RET_A)) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  private boolean isAllowed(int i) {
    int code = codes[i];
    int k = constants[i];
    return switch (code & CLASS_MASK) {
      case LD ->
          switch (code) {
            case LD_ABS -> (k & 3) == 0 && k >= 0 && k < DATA_BYTE_COUNT;
            case LD_LEN, LD_IMM -> true;
            case LD_MEM -> isWord(k);
            default -> false;
          };
      case LDX ->
          switch (code) {
            case LDX_LEN, LDX_IMM -> true;
            case LDX_MEM -> isWord(k);
            default -> false;
          };
      case ST, STX -> (code == ST || code == STX) && isWord(k);
      case ALU -> isAllowedArithmetic(code, k);
      case JMP ->
          switch (code & ~SOURCE_X) {
            case JMP | JA -> code == (JMP | JA);
            case JMP | JEQ, JMP | JGT, JMP | JGE, JMP | JSET -> true;
            default -> false;
          };
      case RET -> code == RET_K || code == RET_A;
      default -> code == TAX || code == TXA;
    };
  }

  private static boolean isWord(int index) {
    return index >= 0 && index < MEMORY_WORDS;
  }

  private static boolean isAllowedArithmetic(int code, int k) {
    boolean byConstant = (code & SOURCE_X) == 0;
    return switch (code & ~(SOURCE_X | CLASS_MASK)) {
      case ADD, SUB, MUL, OR, AND, XOR -> true;
      case DIV -> !byConstant || k != 0;
      case LSH, RSH -> !byConstant || Integer.compareUnsigned(k, 32) < 0;
      case NEG -> byConstant;
      default -> false;
    };
  }

  private boolean jumpsWithin(int i) {
    if ((codes[i] & CLASS_MASK) != JMP) {
      return true;
    }
    long room = codes.length - i - 1L;
    if (codes[i] == (JMP | JA)) {
      return Integer.toUnsignedLong(constants[i]) < room;
    }
    return whenTrue[i] < room && whenFalse[i] < room;
  }

  private boolean readsWhatIsWritten(int i, int[] written) {
    int now = written[i];
    int code = codes[i];
    if ((code == LD_MEM || code == LDX_MEM) && (now & 1 << constants[i]) == 0) {
      return false;
    }
    if (code == ST || code == STX) {
      now |= 1 << constants[i];
    }
    if ((code & CLASS_MASK) == JMP) {
      if (code == (JMP | JA)) {
        written[i + 1 + constants[i]] &= now;
      } else {
        written[i + 1 + whenTrue[i]] &= now;
        written[i + 1 + whenFalse[i]] &= now;
      }
    } else if ((code & CLASS_MASK) != RET && i + 1 < codes.length) {
      written[i + 1] &= now;
    }
    return true;
  }

  /**
   * Runs the program.
   *
   * @param data the call, as 32-bit words in the order of {@code struct seccomp_data}
   * @return what it returns
   */
  int run(int[] data) {
    int[] memory = new int[MEMORY_WORDS];
    int a = 0;
    int x = 0;
    int at = 0;
    while (true) {
      int code = codes[at];
      int k = constants[at];
      switch (code) {
        case LD_ABS -> a = data[k / Integer.BYTES];
        case LD_LEN -> a = DATA_BYTE_COUNT;
        case LD_IMM -> a = k;
        case LD_MEM -> a = memory[k];
        case LDX_LEN -> x = DATA_BYTE_COUNT;
        case LDX_IMM -> x = k;
        case LDX_MEM -> x = memory[k];
        case ST -> memory[k] = a;
        case STX -> memory[k] = x;
        case RET_K -> {
          return k;
        }
        case RET_A -> {
          return a;
        }
        case TAX -> x = a;
        case TXA -> a = x;
        default -> {
          int operand = (code & SOURCE_X) != 0 ? x : k;
          int operation = code & OPERATION_MASK;
          if ((code & CLASS_MASK) == JMP) {
            at += operation == JA ? k : jumps(operation, a, operand) ? whenTrue[at] : whenFalse[at];
          } else if (operation == DIV && operand == 0) {
            // A division by a register of zero ends the program.
            return 0;
          } else {
            a = compute(operation, a, operand);
          }
        }
      }
      at++;
    }
  }

  private static boolean jumps(int operation, int a, int operand) {
    return switch (operation) {
      case JEQ -> a == operand;
      case JGT -> Integer.compareUnsigned(a, operand) > 0;
      case JGE -> Integer.compareUnsigned(a, operand) >= 0;
      default -> (a & operand) != 0;
    };
  }

  private static int compute(int operation, int a, int operand) {
    return switch (operation) {
      case ADD -> a + operand;
      case SUB -> a - operand;
      case MUL -> a * operand;
      case DIV -> Integer.divideUnsigned(a, operand);
      case OR -> a | operand;
      case AND -> a & operand;
      case LSH -> a << operand;
      case RSH -> a >>> operand;
      case XOR -> a ^ operand;
      default -> -a;
    };
  }
}
