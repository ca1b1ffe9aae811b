package org.usermem.platform.grant;

import org.usermem.grant.NativeAccessGrant;

/** Gives native access, which this module has. */
public final class PlatformNativeAccess implements NativeAccessGrant {

  /** Makes the provider, for the service loader. */
  public PlatformNativeAccess() {}

  @Override
  @SuppressWarnings("restricted") // This module has native access: it may pass it on.
  public void enableNativeAccess(ModuleLayer.Controller controller, Module module) {
    controller.enableNativeAccess(module);
  }
}
