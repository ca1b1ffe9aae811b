package org.usermem.platform.stub;

/** How the guest threads of a stub process are watched. */
public enum StubFlavor {

  /** A tracer stops them; they have no signal handlers, and make no system call of their own. */
  TRACED,

  /** A filter and signal handlers in the stub stop them; they wait for the sentry themselves. */
  TRAPPED
}
