package org.usermem.linux.elf;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * The first line of a script, {@code #!interpreter [argument]}, by the rules of {@code load_script}
 * in fs/binfmt_script.c: the argument is everything up to the end of the line, blanks inside it
 * included.
 *
 * @param interpreter path of the interpreter, one char a byte
 * @param argument what stands behind it, if anything
 */
public record Script(String interpreter, @Nullable String argument) {
  /** How much of a file is looked at (BINPRM_BUF_SIZE). */
  public static final int HEAD_BYTE_COUNT = 256;

  /** Whether a file starts with {@code #!}. */
  public static boolean hasMagic(byte[] head) {
    return head.length >= 2 && head[0] == '#' && head[1] == '!';
  }

  /**
   * Parses the head of a file.
   *
   * @param head {@link #HEAD_BYTE_COUNT} bytes, filled up with zeros where the file is shorter
   * @throws LinuxException ENOEXEC if no interpreter is named, or if its name may have been cut off
   */
  public static Script parse(byte[] head) {
    int last = head.length - 1;
    int end = indexOfNewline(head);
    if (end < 0) {
      int name = skipBlanks(head, 2, last);
      if (name < 0 || terminator(head, name, last) < 0) {
        throw LinuxException.of(Errno.ENOEXEC);
      }
      end = last;
    }
    while (isBlank(head[end - 1])) {
      end--;
    }
    int name = end > 2 ? skipBlanks(head, 2, end) : -1;
    if (name < 0 || name == end || head[name] == 0) {
      throw LinuxException.of(Errno.ENOEXEC);
    }
    int nameEnd = terminator(head, name, end);
    if (nameEnd < 0 || nameEnd == end) {
      return new Script(text(head, name, end), null);
    }
    String interpreter = text(head, name, nameEnd);
    int argument = head[nameEnd] == 0 ? -1 : skipBlanks(head, nameEnd, end);
    if (argument < 0 || argument == end) {
      return new Script(interpreter, null);
    }
    int argumentEnd = argument;
    while (argumentEnd < end && head[argumentEnd] != 0) {
      argumentEnd++;
    }
    return new Script(
        interpreter, argumentEnd == argument ? null : text(head, argument, argumentEnd));
  }

  private static String text(byte[] head, int start, int end) {
    return new String(head, start, end - start, StandardCharsets.ISO_8859_1);
  }

  private static int indexOfNewline(byte[] head) {
    for (int i = 0; i < head.length && head[i] != 0; i++) {
      if (head[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** The first index from {@code from} to {@code last}, inclusive, that is no blank, or -1. */
  private static int skipBlanks(byte[] head, int from, int last) {
    for (int i = from; i <= last; i++) {
      if (!isBlank(head[i])) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The first index from {@code from} to {@code last}, inclusive, that is a blank or NUL, or -1.
   */
  private static int terminator(byte[] head, int from, int last) {
    for (int i = from; i <= last; i++) {
      if (isBlank(head[i]) || head[i] == 0) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
