package org.usermem.sentry.check;

import java.util.List;
import java.util.Set;

/**
 * What a class file says about the class.
 *
 * @param name the binary name, with dots
 * @param supertypes the binary names of its superclass and its interfaces
 * @param references what it names
 */
record ClassFacts(String name, List<String> supertypes, Set<Reference> references) {

  String packageName() {
    return packageOf(name);
  }

  static String packageOf(String className) {
    int dot = className.lastIndexOf('.');
    return dot < 0 ? "" : className.substring(0, dot);
  }
}
