package org.usermem.sentry.plugin;

/** The life of a plug-in that was let in. */
public enum PluginState {
  /** Its modules are defined and its rights granted; none of its code runs. */
  INSTALLED,
  /** Its services are registered. */
  ACTIVE,
  /**
   * Its code has not come back from a start or a stop: it is left as it is, until the sentry ends.
   */
  LOST,
  /** It is gone; its name may be installed again. */
  UNINSTALLED
}
