package org.usermem.kernel.grant;

import org.usermem.grant.ExportGrant;

/** The exports of the module that this class is in. */
public final class KernelExports implements ExportGrant {

  /** Makes the provider, for the service loader. */
  public KernelExports() {}

  @Override
  public void export(String packageName, Module to) {
    // Only code of a module can export more of it (Module.addExports is caller-sensitive).
    KernelExports.class.getModule().addExports(packageName, to);
  }
}
