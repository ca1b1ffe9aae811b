package org.usermem.platform;

import java.util.ServiceLoader;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.memory.HostMemoryFile;

/** Opens platforms. */
public final class Platforms {

  private Platforms() {}

  /**
   * Has the calls to the host linked by a thread of its own. Who says so early waits less for the
   * first of them; nobody has to.
   */
  public static void prepare() {
    HostCalls.prepare();
  }

  /**
   * Opens a platform of a kind over a memory file.
   *
   * @param kind which platform
   * @param memoryFile where the guest's memory is; it stays the caller's, who closes it after the
   *     platform
   * @throws PlatformException if this machine can't run that platform
   */
  public static Platform open(PlatformKind kind, HostMemoryFile memoryFile) {
    for (PlatformProvider provider : providers()) {
      if (provider.name().equals(kind.label())) {
        return provider.open(memoryFile);
      }
    }
    throw new PlatformException("no module provides the platform " + kind.label());
  }

  private static ServiceLoader<PlatformProvider> providers() {
    ModuleLayer layer = Platforms.class.getModule().getLayer();
    return layer == null
        ? ServiceLoader.load(PlatformProvider.class, Platforms.class.getClassLoader())
        : ServiceLoader.load(layer, PlatformProvider.class);
  }
}
