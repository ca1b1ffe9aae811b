package org.usermem.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.function.Executable;
import org.usermem.addr.AccessType;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.Placement;
import org.usermem.platform.Platform;
import org.usermem.platform.inprocess.InProcessPlatform;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;

/**
 * A memory file and a platform for one test, and the address spaces that it makes. Closing it
 * checks that each space is consistent and that no reference is left.
 */
public final class Memory implements AutoCloseable {

  public static final long PAGE = 4096;

  public final HostMemoryFile file;
  public final InProcessPlatform platform = new InProcessPlatform();
  private final Platform guests;
  private final List<MemoryManager> managers = new ArrayList<>();

  public Memory() {
    this(256L << 20);
  }

  public Memory(long limitBytes) {
    this(limitBytes, platform -> platform);
  }

  /** With a platform of the test's own around the one that is here. */
  public Memory(long limitBytes, UnaryOperator<Platform> around) {
    guests = around.apply(platform);
    file =
        HostMemoryFile.create(
            MemoryFileOptions.withLimit(limitBytes).reserving(1L << 30).trackingOwners());
  }

  public MemoryManager manager() {
    return adopt(MemoryManager.create(file, guests, AddressSpaceLayout.standard()));
  }

  public MemoryManager fork(MemoryManager parent) {
    return adopt(parent.fork());
  }

  public MemoryManager adopt(MemoryManager manager) {
    manager.addressSpace();
    managers.add(manager);
    return manager;
  }

  /** Ends an address space before the test does. */
  public void end(MemoryManager manager) {
    Invariants.check(manager);
    managers.remove(manager);
    manager.decUsers();
  }

  public static MapOptions.Builder anonymous(long byteCount) {
    return MapOptions.builder(byteCount).access(AccessType.READ_WRITE);
  }

  public static MapOptions.Builder anonymousAt(long addr, long byteCount) {
    return anonymous(byteCount).at(addr, Placement.FIXED_REPLACE);
  }

  public static byte[] read(MemoryManager manager, long addr, int byteCount) {
    byte[] bytes = new byte[byteCount];
    manager.copyInFully(addr, bytes, IOOpts.DEFAULT);
    return bytes;
  }

  public static void write(MemoryManager manager, long addr, byte[] bytes) {
    manager.copyOutFully(addr, bytes, IOOpts.DEFAULT);
  }

  public static byte[] pattern(int byteCount, int seed) {
    byte[] bytes = new byte[byteCount];
    for (int i = 0; i < byteCount; i++) {
      bytes[i] = (byte) (i * 31 + seed * 17 + (i >> 8));
    }
    return bytes;
  }

  public static void assertErrno(Errno errno, Executable executable) {
    assertEquals(errno, assertThrows(LinuxException.class, executable).errno());
  }

  public static MemorySegment segment(byte[] bytes) {
    return MemorySegment.ofArray(bytes);
  }

  @Override
  public void close() {
    for (MemoryManager manager : managers) {
      Invariants.check(manager);
    }
    for (MemoryManager manager : managers) {
      manager.decUsers();
    }
    assertEquals(0, platform.addressSpaceCount());
    platform.close();
    file.close();
  }
}
