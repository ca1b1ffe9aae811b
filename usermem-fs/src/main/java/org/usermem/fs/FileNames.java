package org.usermem.fs;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Conversion between names as the VFS has them (strings with one char, 0 to 255, for each byte) and
 * names as Java programs have them (Unicode), which guests write in UTF-8.
 */
public final class FileNames {

  /** The most bytes that a name may have (NAME_MAX). */
  public static final int NAME_BYTE_LIMIT = 255;

  /** The most bytes that a path may have, with its terminating zero (PATH_MAX). */
  public static final int PATH_BYTE_LIMIT = 4096;

  private FileNames() {}

  /** Returns the bytes of a Unicode string in UTF-8, one char for each. */
  public static String ofUnicode(String text) {
    return isAscii(text)
        ? text
        : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** Returns the Unicode string that a name is in UTF-8; null if its bytes are not valid UTF-8. */
  public static @Nullable String toUnicode(String name) {
    if (isAscii(name)) {
      return name;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(name.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Returns whether a name has no byte above 127. */
  public static boolean isAscii(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) > 0x7F) {
        return false;
      }
    }
    return true;
  }
}
