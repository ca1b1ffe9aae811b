package org.usermem.fs.hostfs;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileNames;

/**
 * Conversion between names of a guest and paths of the host, byte by byte. A {@link Path} made of
 * text depends on the locale of the JVM and can't hold all bytes; one made of a URI can, for there
 * each byte has its escape.
 */
final class HostNames {

  private static final String HEX = "0123456789ABCDEF";
  private static final Path EMPTY = Path.of("");

  private HostNames() {}

  /** Returns the path of one component, or of a whole target of a symbolic link. */
  static Path toPath(String name) {
    if (FileNames.isAscii(name)) {
      return Path.of(name);
    }
    boolean absolute = name.startsWith("/");
    StringBuilder uri = new StringBuilder(name.length() * 3 + 8).append("file:///");
    for (int i = absolute ? 1 : 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '/') {
        uri.append('/');
      } else {
        uri.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    Path path;
    try {
      path = Path.of(URI.create(uri.toString()));
    } catch (IllegalArgumentException e) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return absolute ? path : path.getRoot().relativize(path);
  }

  /** Returns the name of a relative path, or the text of a whole target of a symbolic link. */
  static String ofPath(Path path) {
    String text = path.toString();
    if (FileNames.isAscii(text)) {
      return text;
    }
    String raw = path.toUri().getRawPath();
    if (!path.isAbsolute()) {
      String here = EMPTY.toUri().getRawPath();
      raw = raw.substring(here.endsWith("/") ? here.length() : here.length() + 1);
    }
    byte[] bytes = new byte[raw.length()];
    int count = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes[count++] = (byte) Integer.parseInt(raw, i + 1, i + 3, 16);
        i += 2;
      } else {
        bytes[count++] = (byte) c;
      }
    }
    // A URI of something that is a directory ends with a slash of its own.
    if (count > 1 && bytes[count - 1] == '/') {
      count--;
    }
    return new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
  }
}
