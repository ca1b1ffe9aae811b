package org.usermem.sentry.plugin;

/** The life of a plug-in that was let in. */
public enum PluginState {
  /** Its modules are defined and its rights granted; none of its code runs. */
  INSTALLED,
  /** Its services are registered. */
  ACTIVE,
  /** It is gone; its name may be installed again. */
  UNINSTALLED
}
