package org.usermem.sentry.plugin;

import java.io.Serial;
import org.usermem.sentry.check.CheckReport;

/** A plug-in broke rules of the layer policy and was not let in. */
public final class PluginRefusedException extends PluginException {

  @Serial private static final long serialVersionUID = 1L;

  private final transient CheckReport report;

  /**
   * Makes the exception.
   *
   * @param plugin the plug-in's name
   * @param report what the check found
   */
  public PluginRefusedException(String plugin, CheckReport report) {
    super("plug-in " + plugin + " is refused:\n" + report, null);
    this.report = report;
  }

  /**
   * Returns what the check found.
   *
   * @return the report
   */
  public CheckReport report() {
    return report;
  }
}
