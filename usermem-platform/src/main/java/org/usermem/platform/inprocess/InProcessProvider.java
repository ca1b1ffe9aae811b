package org.usermem.platform.inprocess;

import org.usermem.platform.Platform;
import org.usermem.platform.PlatformKind;
import org.usermem.platform.PlatformProvider;
import org.usermem.platform.memory.HostMemoryFile;

/** Makes in-process platforms without guest code. */
public final class InProcessProvider implements PlatformProvider {

  /** For the service loader. */
  public InProcessProvider() {}

  @Override
  public String name() {
    return PlatformKind.IN_PROCESS.label();
  }

  @Override
  public Platform open(HostMemoryFile memoryFile) {
    return new InProcessPlatform();
  }
}
