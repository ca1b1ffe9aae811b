package org.usermem.platform.ptrace;

import org.usermem.platform.Context;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.stub.StubAddressSpace;
import org.usermem.platform.stub.StubMaster;

/** An address space whose guest threads are traced. */
final class PtraceAddressSpace extends StubAddressSpace {

  private final PtracePlatform platform;

  PtraceAddressSpace(PtracePlatform platform, StubMaster master, HostMemoryFile memoryFile) {
    super(platform, master, memoryFile);
    this.platform = platform;
  }

  @Override
  public Context newContext() {
    return PtraceContext.create(this);
  }

  PtracePlatform platform() {
    return platform;
  }
}
