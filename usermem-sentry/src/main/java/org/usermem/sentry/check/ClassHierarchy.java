package org.usermem.sentry.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds supertypes: a rule about {@code Thread.start} is meant for every subclass of Thread, and a
 * reference may name the subclass.
 */
final class ClassHierarchy {

  private final Map<String, ClassFacts> own;
  private final CoreModules core;
  private final Map<String, List<String>> directSupertypes = new HashMap<>();

  /**
   * Makes the hierarchy.
   *
   * @param own the classes of the plug-in, by binary name
   * @param core where the others are found
   */
  ClassHierarchy(Map<String, ClassFacts> own, CoreModules core) {
    this.own = own;
    this.core = core;
  }

  /** Returns a class and all its supertypes; classes that nobody has end the walk. */
  Set<String> withSupertypes(String className) {
    Set<String> found = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(className));
    while (!open.isEmpty()) {
      String next = open.removeFirst();
      if (found.add(next)) {
        open.addAll(direct(next));
      }
    }
    return found;
  }

  private List<String> direct(String className) {
    ClassFacts facts = own.get(className);
    if (facts != null) {
      return facts.supertypes();
    }
    return directSupertypes.computeIfAbsent(
        className, n -> core.facts(n).map(ClassFacts::supertypes).orElse(List.of()));
  }
}
