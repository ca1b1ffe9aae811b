package org.usermem.platform.grant;

import org.usermem.grant.ExportGrant;

/** The exports of the module that this class is in. */
public final class PlatformExports implements ExportGrant {

  /** Makes the provider, for the service loader. */
  public PlatformExports() {}

  @Override
  public void export(String packageName, Module to) {
    // Only code of a module can export more of it (Module.addExports is caller-sensitive).
    PlatformExports.class.getModule().addExports(packageName, to);
  }
}
