package org.usermem.sentry.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** How much of the host a sentry takes if nobody says otherwise. */
public final class HostResources {
  private static final long FALLBACK = 2L << 30;
  private static final long PAGE = 4096;

  private HostResources() {}

  /** Returns three quarters of the host's memory, in bytes. */
  public static long memoryBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith("MemTotal:")) {
          long kibibytes = Long.parseLong(line.replaceAll("[^0-9]", ""));
          return kibibytes * 1024 / 4 * 3 / PAGE * PAGE;
        }
      }
    } catch (IOException | NumberFormatException e) {
      return FALLBACK;
    }
    return FALLBACK;
  }

  /**
   * Parses a size in bytes, with K, M or G behind it in their powers of 1024.
   *
   * @throws IllegalArgumentException if the text has another form, or is no positive size
   */
  public static long parseSize(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    int shift =
        switch (upper.isEmpty() ? ' ' : upper.charAt(upper.length() - 1)) {
          case 'K' -> 10;
          case 'M' -> 20;
          case 'G' -> 30;
          default -> 0;
        };
    String digits = shift == 0 ? upper : upper.substring(0, upper.length() - 1);
    try {
      long size = Math.multiplyExact(Long.parseLong(digits), 1L << shift);
      if (size >= PAGE) {
        return size;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException("a size is like 512M or 2G, not '" + text + "'", e);
    }
    throw new IllegalArgumentException("a size is at least a page, not '" + text + "'");
  }
}
