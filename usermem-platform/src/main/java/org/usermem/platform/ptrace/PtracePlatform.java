package org.usermem.platform.ptrace;

import java.util.OptionalLong;
import org.usermem.platform.AddressSpace;
import org.usermem.platform.Platform;
import org.usermem.platform.PlatformKind;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.stub.GuestWatch;
import org.usermem.platform.stub.HostLimits;
import org.usermem.platform.stub.Processors;
import org.usermem.platform.stub.StubFlavor;
import org.usermem.platform.stub.StubLayout;
import org.usermem.platform.stub.StubMaster;
import org.usermem.platform.stub.TracedThread;
import org.usermem.platform.stub.WatchedPlacement;

/**
 * The platform that needs least of the host: PTRACE_SYSEMU stops a guest thread at each system
 * call, before the host looks at it.
 */
final class PtracePlatform implements Platform {

  private final HostMemoryFile memoryFile;
  private final Processors processors = Processors.find();
  private final GuestWatch watch = new GuestWatch(processors);
  private final StubMaster master;
  private final long minAddress = HostLimits.lowestMappableAddress();

  PtracePlatform(HostMemoryFile memoryFile) {
    this.memoryFile = memoryFile;
    master = StubMaster.start(memoryFile.fileDescriptor(), StubFlavor.TRACED, processors);
  }

  @Override
  public String name() {
    return PlatformKind.PTRACE.label();
  }

  @Override
  public AddressSpace newAddressSpace() {
    return new PtraceAddressSpace(this, master, memoryFile);
  }

  @Override
  public long minAddress() {
    return minAddress;
  }

  @Override
  public long maxAddress() {
    return StubLayout.VDSO;
  }

  WatchedPlacement place(TracedThread thread) {
    return new WatchedPlacement(watch, processors, thread.processId(), thread.threadId());
  }

  int extendedStateByteCount() {
    return master.extendedStateByteCount();
  }

  @Override
  public OptionalLong clockFunction() {
    return master.clockFunction();
  }

  @Override
  public boolean hasVsyscallPage() {
    return master.hasVsyscallPage();
  }

  @Override
  public void close() {
    watch.close();
    master.close();
  }
}
