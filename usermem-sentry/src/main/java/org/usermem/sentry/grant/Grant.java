package org.usermem.sentry.grant;

/**
 * One thing that was granted to one module.
 *
 * @param module the module's name
 * @param right the right by which it was granted
 * @param what what was granted
 */
public record Grant(String module, String right, String what) {

  @Override
  public String toString() {
    return "granted [right " + right + "] module " + module + ": " + what;
  }
}
