package org.usermem.grant;

/** The exports of the module that this class is in. */
public final class ApiExports implements ExportGrant {

  /** Makes the provider, for the service loader. */
  public ApiExports() {}

  @Override
  public void export(String packageName, Module to) {
    // Only code of a module can export more of it (Module.addExports is caller-sensitive).
    ApiExports.class.getModule().addExports(packageName, to);
  }
}
