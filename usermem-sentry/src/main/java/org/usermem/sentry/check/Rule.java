package org.usermem.sentry.check;

import java.util.Locale;

/** The kinds of rule that a module can break. */
public enum Rule {
  /** It comes from a place that the policy does not know. */
  PLACE,
  /** Its file is not the one that the policy names by digest. */
  DIGEST,
  /** It has no readable module declaration, or is an open or automatic module. */
  MODULE,
  /** It calls itself by the name of a module of the sentry or the JDK. */
  IDENTITY,
  /** It has a package that a module of the sentry or the JDK has. */
  SPLIT_PACKAGE,
  /** It requires a module outside its layer. */
  REQUIRES,
  /** It names a class outside its layer. */
  NAME,
  /** It uses what a right covers that it does not have. */
  RIGHT,
  /** It holds the name of a class outside its layer in a string. */
  STRING,
  /** Its manifest says what is not so. */
  MANIFEST,
  /** A class file of it is malformed or too large. */
  CLASS_FILE;

  /**
   * Returns the name as messages show it.
   *
   * @return the name in lower case, with hyphens
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
