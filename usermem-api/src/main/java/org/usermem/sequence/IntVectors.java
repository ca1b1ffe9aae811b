package org.usermem.sequence;

import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.errno.PartialCopyException;

/**
 * Numbers that a program writes to a file of /proc/sys, as text with white space between.
 *
 * <p>Source: {@code proc_dointvec} of {@code kernel/sysctl.c}, writing; {@code
 * CopyInt32StringsInVec} of gVisor reads decimal numbers only and is more lenient about separators.
 */
public final class IntVectors {

  /** What is read of one write at most, as Linux has it. */
  private static final int MAX_BYTES = (int) Addr.PAGE_SIZE - 1;

  /** The most characters of a number, less one: longer ones are refused whatever they say. */
  private static final int MAX_NUMBER_LENGTH = 20;

  private IntVectors() {}

  /**
   * Copies 32-bit numbers in: decimal, hexadecimal after 0x, octal after 0, with a minus sign or
   * without.
   *
   * <p>Fewer numbers than asked for are fine, if there is one. What comes after the last one that
   * is asked for is not looked at; white space after it is counted.
   *
   * @param src the text; what is beyond 4095 bytes is left
   * @param dst gets the numbers, from its start; where an error is met, those before it are set
   * @return the number of bytes that were used; 0 for an empty source
   * @throws LinuxException EINVAL if what should be a number is none, is out of the range of an
   *     int, or is followed by something other than a space, tab or newline, or if there is no
   *     number; EFAULT if not all of the text can be read
   */
  public static long copyIn(Source src, int[] dst) {
    if (src.isEmpty() || dst.length == 0) {
      return 0;
    }
    int byteCount = (int) Math.min(src.numBytes(), MAX_BYTES);
    byte[] text = src.copyInBytes(byteCount);
    if (text.length < byteCount) {
      throw new PartialCopyException(Errno.EFAULT, text.length, byteCount);
    }
    Parser parser = new Parser(text);
    parser.skipSpaces();
    if (parser.isAtEnd()) {
      throw LinuxException.of(Errno.EINVAL);
    }
    for (int i = 0; i < dst.length && !parser.isAtEnd(); i++) {
      dst[i] = parser.number();
      parser.skipSpaces();
    }
    return parser.position;
  }

  /** A position in a text. */
  private static final class Parser {

    private final byte[] text;
    private int position;

    Parser(byte[] text) {
      this.text = text;
    }

    boolean isAtEnd() {
      return position == text.length;
    }

    void skipSpaces() {
      while (!isAtEnd() && isSpace(text[position])) {
        position++;
      }
    }

    /** isspace() of lib/ctype.c, which takes the no-break space of Latin-1 for one too. */
    private static boolean isSpace(byte b) {
      return b == ' ' || (b >= '\t' && b <= '\r') || b == (byte) 0xa0;
    }

    /** proc_get_long() and do_proc_dointvec_conv(). */
    int number() {
      int start = position;
      boolean negative = text[position] == '-' && position + 1 < text.length;
      if (negative) {
        position++;
      }
      long magnitude = magnitude();
      if (position - start > MAX_NUMBER_LENGTH || (!isAtEnd() && !isSeparator(text[position]))) {
        throw LinuxException.of(Errno.EINVAL);
      }
      if (magnitude > (negative ? -(long) Integer.MIN_VALUE : Integer.MAX_VALUE)) {
        throw LinuxException.of(Errno.EINVAL);
      }
      return (int) (negative ? -magnitude : magnitude);
    }

    private static boolean isSeparator(byte b) {
      return b == ' ' || b == '\t' || b == '\n';
    }

    /** strtoul_lenient() in base 0; capped where it is out of range anyway. */
    private long magnitude() {
      if (digit(position, 10) < 0) {
        throw LinuxException.of(Errno.EINVAL);
      }
      int radix = 10;
      if (text[position] == '0') {
        boolean hex = (peek(position + 1) | 0x20) == 'x' && digit(position + 2, 16) >= 0;
        radix = hex ? 16 : 8;
        position += hex ? 2 : 0;
      }
      long value = 0;
      for (int digit; (digit = digit(position, radix)) >= 0; position++) {
        value = Math.min(value * radix + digit, 1L << Integer.SIZE);
      }
      return value;
    }

    private int peek(int at) {
      return at < text.length ? text[at] : 0;
    }

    private int digit(int at, int radix) {
      // A byte above 0x7f is negative here, and no digit to Character either.
      return Character.digit(peek(at), radix);
    }
  }
}
