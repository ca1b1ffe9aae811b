package org.usermem.benchmarks.mm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.usermem.addr.AccessType;
import org.usermem.io.IOOpts;
import org.usermem.memmap.MapOptions;
import org.usermem.mm.AddressSpaceLayout;
import org.usermem.mm.MemoryManager;
import org.usermem.platform.inprocess.InProcessPlatform;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;

/** An address space without a guest, for one benchmark. */
public final class Program implements AutoCloseable {

  public static final long PAGE = 4096;

  public final HostMemoryFile file =
      HostMemoryFile.create(MemoryFileOptions.withLimit(1L << 30).reserving(4L << 30));
  public final InProcessPlatform platform = new InProcessPlatform();
  public final MemoryManager memory =
      MemoryManager.create(file, platform, AddressSpaceLayout.standard());

  /** Maps private memory. */
  public long map(long byteCount) {
    return memory.mmap(MapOptions.builder(byteCount).access(AccessType.READ_WRITE).build());
  }

  /** Maps private memory and touches all of it. */
  public long mapTouched(long byteCount) {
    long addr = map(byteCount);
    memory.zeroOut(addr, byteCount, IOOpts.DEFAULT);
    return addr;
  }

  /** Returns memory of the sentry's own, as a copy would use it. */
  public static MemorySegment buffer(long byteCount) {
    MemorySegment buffer = Arena.ofAuto().allocate(byteCount, 64);
    buffer.fill((byte) 1);
    return buffer;
  }

  @Override
  public void close() {
    memory.decUsers();
    platform.close();
    file.close();
  }
}
