package org.usermem.platform.ptrace;

import org.usermem.platform.Platform;
import org.usermem.platform.PlatformKind;
import org.usermem.platform.PlatformProvider;
import org.usermem.platform.memory.HostMemoryFile;

/** Makes ptrace platforms. */
public final class PtraceProvider implements PlatformProvider {

  /** For the service loader. */
  public PtraceProvider() {}

  @Override
  public String name() {
    return PlatformKind.PTRACE.label();
  }

  @Override
  public Platform open(HostMemoryFile memoryFile) {
    return new PtracePlatform(memoryFile);
  }
}
