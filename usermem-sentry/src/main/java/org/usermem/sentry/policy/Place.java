package org.usermem.sentry.policy;

import java.util.Optional;
import java.util.Set;

/**
 * Says which layer the modules of a place belong to. The place is where a module came from, never
 * what it calls itself.
 *
 * @param origin whether it came with the sentry or from outside
 * @param pattern for a core module its name; for a plug-in its path below the plug-ins directory,
 *     where {@code *} stands for any characters
 * @param layer the layer's name
 * @param rights rights granted here on top of the layer's
 * @param sha256 where present, the digest in lower-case hexadecimal that the file must have
 */
public record Place(
    Origin origin, String pattern, String layer, Set<String> rights, Optional<String> sha256) {

  /** Where a module came from. */
  public enum Origin {
    /** The module was on the module path that the JVM was started with. */
    CORE,
    /** The module was installed into a running sentry. */
    PLUGIN
  }

  /** Copies the rights. */
  public Place {
    rights = Set.copyOf(rights);
  }

  /**
   * Tells whether something from an origin is meant.
   *
   * @param where the origin
   * @param path the module name or path
   * @return true if both fit
   */
  public boolean matches(Origin where, String path) {
    return where == origin && glob(pattern, path);
  }

  /** Matches with {@code *} for any run of characters, in time linear in pattern times text. */
  private static boolean glob(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int mark = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        mark = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++mark;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
