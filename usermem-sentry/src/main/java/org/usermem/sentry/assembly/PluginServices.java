package org.usermem.sentry.assembly;

import java.util.List;
import org.usermem.fs.FileSystemType;
import org.usermem.fs.device.DeviceType;
import org.usermem.platform.PlatformProvider;

/** What plug-ins can provide by their module declarations. */
public final class PluginServices {

  /** The interfaces. */
  public static final List<Class<?>> TYPES =
      List.of(FileSystemType.class, DeviceType.class, PlatformProvider.class);

  private PluginServices() {}
}
