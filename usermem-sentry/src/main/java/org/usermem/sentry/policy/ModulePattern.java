package org.usermem.sentry.policy;

/**
 * A set of module names: one name, or a prefix followed by {@code *}.
 *
 * @param text the pattern
 */
public record ModulePattern(String text) {

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException if a star stands anywhere but at the end
   */
  public ModulePattern {
    int star = text.indexOf('*');
    if (text.isEmpty() || (star >= 0 && star != text.length() - 1)) {
      throw new IllegalArgumentException(
          "'" + text + "' is no module pattern; write a module's name, or a prefix and one *");
    }
  }

  /**
   * Tells whether a module is in this set.
   *
   * @param module the module's name
   * @return true if it is
   */
  public boolean matches(String module) {
    return text.endsWith("*")
        ? module.startsWith(text.substring(0, text.length() - 1))
        : module.equals(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
