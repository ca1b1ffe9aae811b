package org.usermem.sentry.record;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.usermem.sentry.plugin.PluginEvent;

/** Something that happened to a plug-in. */
@Name("usermem.Plugin")
@Label("Plug-in")
@Description("Something that happened to a plug-in")
@Category("usermem")
@StackTrace(false)
public final class PluginLifeEvent extends Event {

  @Label("Plug-in")
  final String plugin;

  @Label("What Happened")
  final String what;

  @Label("Text")
  final String text;

  private PluginLifeEvent(PluginEvent event) {
    this.plugin = event.plugin();
    this.what =
        switch (event) {
          case PluginEvent.Installed e -> "installed";
          case PluginEvent.Granted e -> "granted";
          case PluginEvent.Violated e -> "violated";
          case PluginEvent.Started e -> "started";
          case PluginEvent.Stopped e -> "stopped";
          case PluginEvent.Uninstalled e -> "uninstalled";
          case PluginEvent.Failed e -> "failed";
        };
    this.text = event.toString();
  }

  /**
   * Tells recordings, if there are any that want to know.
   *
   * @param event what happened
   */
  public static void happened(PluginEvent event) {
    new PluginLifeEvent(event).commit();
  }
}
