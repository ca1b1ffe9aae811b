package org.usermem.platform.systrap;

import org.usermem.platform.Platform;
import org.usermem.platform.PlatformKind;
import org.usermem.platform.PlatformProvider;
import org.usermem.platform.memory.HostMemoryFile;

/** Makes systrap platforms. */
public final class SystrapProvider implements PlatformProvider {

  /** For the service loader. */
  public SystrapProvider() {}

  @Override
  public String name() {
    return PlatformKind.SYSTRAP.label();
  }

  @Override
  public Platform open(HostMemoryFile memoryFile) {
    return new SystrapPlatform(memoryFile);
  }
}
