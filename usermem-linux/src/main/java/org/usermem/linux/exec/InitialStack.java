package org.usermem.linux.exec;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * What a program finds on its stack: argc, argv, envp, the auxiliary vector and the bytes that they
 * point to, laid out as {@code create_elf_tables} of fs/binfmt_elf.c does.
 */
final class InitialStack {

  /** No string may be longer, its NUL included (MAX_ARG_STRLEN). */
  static final int MAXIMUM_STRING = 32 * 4096;

  private static final long MINIMUM_LIMIT = MAXIMUM_STRING;
  private static final long MAXIMUM_LIMIT = (8L << 20) / 4 * 3;
  private static final byte[] PLATFORM = {'x', '8', '6', '_', '6', '4', 0};

  private final long stackPointer;
  private final byte[] image;
  private final long argumentStart;
  private final long argumentEnd;
  private final long environmentEnd;
  private final byte[] auxiliaryVector;

  private InitialStack(
      long stackPointer,
      byte[] image,
      long argumentStart,
      long argumentEnd,
      long environmentEnd,
      byte[] auxiliaryVector) {
    this.stackPointer = stackPointer;
    this.image = image;
    this.argumentStart = argumentStart;
    this.argumentEnd = argumentEnd;
    this.environmentEnd = environmentEnd;
    this.auxiliaryVector = auxiliaryVector;
  }

  /** Where argc is, a multiple of 16. */
  long stackPointer() {
    return stackPointer;
  }

  /** The bytes from the stack pointer to the top of the stack. */
  byte[] image() {
    return image;
  }

  /** Address of the first argument's first byte. */
  long argumentStart() {
    return argumentStart;
  }

  /** Address past the last argument's NUL; the environment starts here. */
  long argumentEnd() {
    return argumentEnd;
  }

  /** Address past the last environment string's NUL. */
  long environmentEnd() {
    return environmentEnd;
  }

  /** The bytes of the auxiliary vector, as /proc/PID/auxv shows them. */
  byte[] auxiliaryVector() {
    return auxiliaryVector;
  }

  /**
   * The bytes that strings and pointers may take together ({@code bprm_stack_limits} of fs/exec.c).
   *
   * @param stackLimit the soft RLIMIT_STACK
   */
  static long limit(long stackLimit) {
    long quarter = stackLimit < 0 ? MAXIMUM_LIMIT : stackLimit / 4;
    return Math.max(MINIMUM_LIMIT, Math.min(quarter, MAXIMUM_LIMIT));
  }

  /**
   * Lays a stack out.
   *
   * @param top the address past the stack, page-aligned
   * @param program what is executed
   * @param auxiliary the vector so far; the entries that point into the stack are added here
   * @param random sixteen bytes for AT_RANDOM
   * @param gap bytes left free between strings and tables, so that addresses differ from run to run
   * @throws LinuxException E2BIG if strings and pointers are more than {@code limit}
   */
  static InitialStack build(
      long top, Program program, AuxiliaryVector auxiliary, byte[] random, int gap, long limit) {
    byte[] path = program.path().getBytes(StandardCharsets.ISO_8859_1);
    List<byte[]> arguments = program.arguments();
    List<byte[]> environment = program.environment();
    long strings = byteCount(arguments) + byteCount(environment) + path.length + 1L;
    long pointers = (arguments.size() + environment.size()) * (long) Long.BYTES;
    if (strings + pointers > limit) {
      throw LinuxException.of(Errno.E2BIG);
    }
    long pathAt = top - Long.BYTES - (path.length + 1);
    long environmentAt = pathAt - byteCount(environment);
    long argumentsAt = environmentAt - byteCount(arguments);
    long platformAt = ((argumentsAt - gap) & -16L) - 16;
    long randomAt = platformAt - 16;
    auxiliary.add(AuxiliaryVector.RANDOM, randomAt);
    auxiliary.add(AuxiliaryVector.EXECFN, pathAt);
    auxiliary.add(AuxiliaryVector.PLATFORM, platformAt);

    long words = arguments.size() + environment.size() + 3L;
    long stackPointer = (randomAt - auxiliary.byteCount() - words * Long.BYTES) & -16L;
    byte[] image = new byte[Math.toIntExact(top - stackPointer)];
    MemorySegment stack = MemorySegment.ofArray(image);
    copy(path, image, pathAt - stackPointer);
    copy(PLATFORM, image, platformAt - stackPointer);
    copy(random, image, randomAt - stackPointer);

    stack.set(JAVA_LONG_UNALIGNED, 0, arguments.size());
    long table = putVector(stack, stackPointer, Long.BYTES, arguments, argumentsAt, image);
    table = putVector(stack, stackPointer, table, environment, environmentAt, image);
    auxiliary.writeTo(stack, table);
    byte[] vector = Arrays.copyOfRange(image, (int) table, (int) table + auxiliary.byteCount());
    return new InitialStack(stackPointer, image, argumentsAt, environmentAt, pathAt, vector);
  }

  /** Writes a vector's strings and its table of pointers; returns where the next table goes. */
  private static long putVector(
      MemorySegment stack, long base, long table, List<byte[]> strings, long at, byte[] image) {
    long entry = table;
    long address = at;
    for (byte[] each : strings) {
      stack.set(JAVA_LONG_UNALIGNED, entry, address);
      copy(each, image, address - base);
      entry += Long.BYTES;
      address += each.length + 1L;
    }
    return entry + Long.BYTES;
  }

  private static void copy(byte[] bytes, byte[] image, long at) {
    System.arraycopy(bytes, 0, image, (int) at, bytes.length);
  }

  private static long byteCount(List<byte[]> strings) {
    long sum = 0;
    for (byte[] each : strings) {
      sum += each.length + 1L;
    }
    return sum;
  }
}
