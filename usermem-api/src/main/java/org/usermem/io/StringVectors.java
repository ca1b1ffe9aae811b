package org.usermem.io;

import java.util.ArrayList;
import java.util.List;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/** Arrays of pointers to strings that end with a null pointer: the arguments of execve(2). */
public final class StringVectors {

  private StringVectors() {}

  /**
   * Copies the strings that an array points to.
   *
   * <p>Pointers count toward the total as strings do, with 8 bytes each, as they do in Linux
   * ({@code bprm_stack_limits} in {@code fs/exec.c}): many empty strings are dear too.
   *
   * @param addr address of the first pointer
   * @param maxStringByteCount the most bytes that one string may have, the zero byte included;
   *     MAX_ARG_STRLEN is 131072
   * @param maxTotalByteCount the most bytes that all strings and pointers may have, the null
   *     pointer not included
   * @return the strings without their zero byte, one char a byte (ISO 8859-1)
   * @throws LinuxException E2BIG if a limit is passed, EFAULT if a pointer or a string can't be
   *     read
   */
  public static List<String> copyIn(
      IO io, long addr, int maxStringByteCount, long maxTotalByteCount, IOOpts opts) {
    List<String> strings = new ArrayList<>();
    byte[] pointer = new byte[Long.BYTES];
    long left = maxTotalByteCount;
    for (long at = addr; ; at += Long.BYTES) {
      if (Addr.addOverflows(at, Long.BYTES)) {
        throw LinuxException.of(Errno.EFAULT);
      }
      io.copyInFully(at, pointer, opts);
      long string = littleEndianLong(pointer);
      if (string == 0) {
        return strings;
      }
      left -= Long.BYTES;
      if (left <= 0) {
        throw LinuxException.of(Errno.E2BIG);
      }
      String value = copyString(io, string, (int) Math.min(maxStringByteCount, left), opts);
      strings.add(value);
      left -= value.length() + 1L;
    }
  }

  private static String copyString(IO io, long addr, int maxByteCount, IOOpts opts) {
    try {
      return io.copyStringIn(addr, maxByteCount, opts);
    } catch (LinuxException e) {
      throw e.errno() == Errno.ENAMETOOLONG ? LinuxException.of(Errno.E2BIG) : e;
    }
  }

  private static long littleEndianLong(byte[] bytes) {
    long value = 0;
    for (int i = Long.BYTES - 1; i >= 0; i--) {
      value = value << Byte.SIZE | Byte.toUnsignedLong(bytes[i]);
    }
    return value;
  }
}
