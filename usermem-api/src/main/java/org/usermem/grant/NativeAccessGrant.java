package org.usermem.grant;

/**
 * Gives native access to modules of a layer. Only a module that has native access can give it, so
 * that the module that calls the host provides this service.
 */
public interface NativeAccessGrant {

  /**
   * Gives native access. Safe to be called by any thread, and again.
   *
   * @param controller the controller of the layer that the module is in
   * @param module the module that has native access from now on
   */
  void enableNativeAccess(ModuleLayer.Controller controller, Module module);
}
