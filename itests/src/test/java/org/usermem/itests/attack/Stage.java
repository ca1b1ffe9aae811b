package org.usermem.itests.attack;

/** Where an attack is stopped, in the order in which a plug-in passes the stages. */
enum Stage {
  /** javac refuses it: no module export lets it name what it wants. */
  COMPILE,
  /** Compiled all the same, it is refused before any class of it is defined. */
  INSTALL,
  /** Let past the check by a policy that allows too much, its modules or wires do not resolve. */
  RESOLVE,
  /** Let past all of these, the JVM refuses it when it runs. */
  RUN
}
