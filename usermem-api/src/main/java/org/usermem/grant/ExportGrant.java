package org.usermem.grant;

/**
 * Exports packages of the module that provides this service. Exactly one provider per module: the
 * module of the provider's class is the one whose packages it exports.
 *
 * <p>A module outside the boot layer gets by it what {@code exports ... to} gives to those inside;
 * an export ends with the module that it was made to.
 */
public interface ExportGrant {

  /**
   * Exports a package of this module to another module. Safe to be called by any thread, and again.
   *
   * @param packageName a package of the provider's module
   * @param to the module that may use it from now on
   * @throws IllegalArgumentException if the provider's module has no such package
   */
  void export(String packageName, Module to);
}
