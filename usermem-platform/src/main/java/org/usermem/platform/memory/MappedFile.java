package org.usermem.platform.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.LockSupport;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.HostException;
import org.usermem.platform.host.SystemCall;

/**
 * The memfd behind a memory file, mapped whole.
 *
 * <p>The file is sealed against truncation, because access behind the end of a mapped file is a
 * fault. The mapping belongs to an automatic arena: it goes when no segment over it is reachable,
 * so a late access reads zeros instead of taking the JVM down.
 */
final class MappedFile {

  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int F_ADD_SEALS = 1033;
  private static final int F_SEAL_SEAL_SHRINK_GROW = 0x1 | 0x2 | 0x4;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED_NORESERVE = 0x1 | 0x4000;
  private static final int MADV_DONTDUMP = 16;
  private static final int MADV_POPULATE_WRITE = 23;
  private static final int FALLOC_KEEP_SIZE_PUNCH_HOLE = 0x1 | 0x2;
  private static final int MAP_ATTEMPTS = 8;
  private static final int STAT_BLOCKS_OFFSET = 64;
  private static final int STAT_BLOCK_BYTES = 512;
  private static final long POPULATE_BYTES = 512 * Addr.PAGE_SIZE;

  private final int fileDescriptor;
  private final MemorySegment base;

  MappedFile(long byteCount) {
    HostCalls host = HostCalls.current();
    fileDescriptor = create(host);
    try {
      HostCalls.require(
          host.call(SystemCall.FTRUNCATE, fileDescriptor, byteCount, 0),
          "reserving a memory file of " + byteCount + " bytes");
      HostCalls.require(
          host.call(SystemCall.FCNTL, fileDescriptor, F_ADD_SEALS, F_SEAL_SEAL_SHRINK_GROW),
          "sealing the memory file");
      base = map(host, fileDescriptor, byteCount);
    } catch (HostException failed) {
      host.call(SystemCall.CLOSE, fileDescriptor, 0, 0);
      throw failed;
    }
  }

  int fileDescriptor() {
    return fileDescriptor;
  }

  MemorySegment base() {
    return base;
  }

  /** Gives the memory of a range back to the host; it reads as zeros after. */
  void punchHole(long start, long byteCount) {
    HostCalls.require(
        HostCalls.current()
            .call(
                SystemCall.FALLOCATE,
                fileDescriptor,
                FALLOC_KEEP_SIZE_PUNCH_HOLE,
                start,
                byteCount),
        "giving back " + byteCount + " bytes of the memory file");
  }

  /** Commits a range and enters it into the JVM's page tables. */
  void populate(long start, long byteCount) {
    HostCalls host = HostCalls.current();
    long end = start + byteCount;
    long position = start;
    while (position < end) {
      long length = Math.min(POPULATE_BYTES, end - position);
      long result =
          host.call(SystemCall.MADVISE, base.address() + position, length, MADV_POPULATE_WRITE);
      if (result == 0) {
        position += length;
      } else if (result == -Errno.EINVAL.number()) {
        // Linux before 5.14: the pages come when they are touched.
        return;
      } else if (result != -Errno.EINTR.number() && result != -Errno.EAGAIN.number()) {
        throw LinuxException.of(Errno.ENOMEM);
      }
    }
  }

  long committedBytes() {
    HostCalls host = HostCalls.current();
    MemorySegment stat = host.scratch();
    HostCalls.require(
        host.call(SystemCall.FSTAT, fileDescriptor, stat.address(), 0), "fstat of the memory file");
    return stat.get(ValueLayout.JAVA_LONG, STAT_BLOCKS_OFFSET) * STAT_BLOCK_BYTES;
  }

  /** Gives everything back to the host; only the mapping remains, until nobody can reach it. */
  void close() {
    punchHole(0, base.byteSize());
    HostCalls.current().call(SystemCall.CLOSE, fileDescriptor, 0, 0);
  }

  private static int create(HostCalls host) {
    MemorySegment name = host.scratch();
    name.setString(0, "usermem");
    return (int)
        HostCalls.require(
            host.call(SystemCall.MEMFD_CREATE, name.address(), MFD_CLOEXEC | MFD_ALLOW_SEALING, 0),
            "creating the memory file");
  }

  @SuppressWarnings("restricted") // the size is that of the mapping made here
  private static MemorySegment map(HostCalls host, int fileDescriptor, long byteCount) {
    long address = tryMap(host, fileDescriptor, byteCount);
    for (int attempt = 0; attempt < MAP_ATTEMPTS && isNoMemory(address); attempt++) {
      // Mappings of closed memory files go with the garbage, some time after it is collected.
      System.gc();
      LockSupport.parkNanos(1_000_000L << attempt);
      address = tryMap(host, fileDescriptor, byteCount);
    }
    HostCalls.require(address, "mapping a memory file of " + byteCount + " bytes");
    // A core dump of the JVM is not to hold the guest's memory, nor take a terabyte.
    host.call(SystemCall.MADVISE, address, byteCount, MADV_DONTDUMP);
    return MemorySegment.ofAddress(address)
        .reinterpret(
            byteCount,
            Arena.ofAuto(),
            mapping ->
                HostCalls.current().call(SystemCall.MUNMAP, mapping.address(), byteCount, 0));
  }

  private static boolean isNoMemory(long result) {
    return result == -Errno.ENOMEM.number();
  }

  private static long tryMap(HostCalls host, int fileDescriptor, long byteCount) {
    return host.call(
        SystemCall.MMAP, 0, byteCount, PROT_READ_WRITE, MAP_SHARED_NORESERVE, fileDescriptor, 0);
  }
}
