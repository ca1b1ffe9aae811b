package org.usermem.sentry.policy;

/** How a layer stands to a right. */
public enum Standing {
  /** Who uses what the right covers is not let in. */
  REFUSED,
  /** Its use is let pass, and reported. */
  REPORTED,
  /** Its use is granted. */
  GRANTED
}
