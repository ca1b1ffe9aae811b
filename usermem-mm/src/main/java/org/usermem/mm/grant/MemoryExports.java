package org.usermem.mm.grant;

import org.usermem.grant.ExportGrant;

/** The exports of the module that this class is in. */
public final class MemoryExports implements ExportGrant {

  /** Makes the provider, for the service loader. */
  public MemoryExports() {}

  @Override
  public void export(String packageName, Module to) {
    // Only code of a module can export more of it (Module.addExports is caller-sensitive).
    MemoryExports.class.getModule().addExports(packageName, to);
  }
}
