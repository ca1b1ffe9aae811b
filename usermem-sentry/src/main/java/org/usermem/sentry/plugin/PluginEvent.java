package org.usermem.sentry.plugin;

import org.usermem.sentry.check.Violation;
import org.usermem.sentry.grant.Grant;

/** Something that happened to a plug-in; its text is one line. */
public sealed interface PluginEvent {

  /**
   * Returns the plug-in's name.
   *
   * @return the name of its file or directory
   */
  String plugin();

  /**
   * It was let in.
   *
   * @param plugin its name
   */
  record Installed(String plugin) implements PluginEvent {
    @Override
    public String toString() {
      return "plug-in " + plugin + " installed";
    }
  }

  /**
   * It has been granted something.
   *
   * @param plugin its name
   * @param grant what, and to which of its modules
   */
  record Granted(String plugin, Grant grant) implements PluginEvent {
    @Override
    public String toString() {
      return "plug-in " + plugin + " " + grant;
    }
  }

  /**
   * It broke a rule, and was refused or reported.
   *
   * @param plugin its name
   * @param violation the rule
   */
  record Violated(String plugin, Violation violation) implements PluginEvent {
    @Override
    public String toString() {
      return "plug-in " + plugin + " " + violation;
    }
  }

  /**
   * It runs.
   *
   * @param plugin its name
   */
  record Started(String plugin) implements PluginEvent {
    @Override
    public String toString() {
      return "plug-in " + plugin + " started";
    }
  }

  /**
   * It was stopped.
   *
   * @param plugin its name
   */
  record Stopped(String plugin) implements PluginEvent {
    @Override
    public String toString() {
      return "plug-in " + plugin + " stopped";
    }
  }

  /**
   * It is gone.
   *
   * @param plugin its name
   */
  record Uninstalled(String plugin) implements PluginEvent {
    @Override
    public String toString() {
      return "plug-in " + plugin + " uninstalled";
    }
  }

  /**
   * Something that was asked of it went wrong.
   *
   * @param plugin its name
   * @param problem what went wrong
   */
  record Failed(String plugin, String problem) implements PluginEvent {
    @Override
    public String toString() {
      return "plug-in " + plugin + " failed: " + problem;
    }
  }
}
