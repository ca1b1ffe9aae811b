package org.usermem.platform.stub;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MemoryKind;
import org.usermem.platform.AddressSpace;
import org.usermem.platform.FileMapping;
import org.usermem.platform.MappingChecks;
import org.usermem.platform.Platform;
import org.usermem.platform.host.HostException;
import org.usermem.platform.host.SystemCall;
import org.usermem.platform.memory.HostMemoryFile;

/**
 * An address space that is a stub process: it is mapped by injected system calls.
 *
 * <p>A Java thread that traces a thread of the process injects into that; for any other the warden
 * injects into the leader.
 */
public abstract class StubAddressSpace implements AddressSpace {

  private static final int MAP_SHARED_FIXED = 0x11;
  private static final int MAP_POPULATE = 0x8000;
  private static final int TABLE_CAPACITY = (int) (Addr.PAGE_SIZE / StubLayout.BATCH_ENTRY_BYTES);

  private final Platform platform;
  private final StubMaster master;
  private final HostMemoryFile memoryFile;
  private final StubProcess process;
  private final ConcurrentHashMap<Thread, TracedThread> tracedThreads = new ConcurrentHashMap<>();
  private final Set<GuestThread> guests = ConcurrentHashMap.newKeySet();

  /** Held while the table is filled and read by the stub; taken with no other of this package. */
  private final ReentrantLock tableLock = new ReentrantLock();

  private @Nullable FileRange table; // guarded by tableLock
  private boolean closed; // guarded by this

  /** Makes an address space with a new process. */
  protected StubAddressSpace(Platform platform, StubMaster master, HostMemoryFile memoryFile) {
    this.platform = platform;
    this.master = master;
    this.memoryFile = memoryFile;
    process = master.newProcess();
  }

  /** Returns the process. */
  public final StubProcess process() {
    return process;
  }

  /** Returns the memory file. */
  protected final HostMemoryFile memoryFile() {
    return memoryFile;
  }

  /** Registers a guest thread, so that closing waits until it has stopped. */
  public final void addGuest(GuestThread thread) {
    guests.add(thread);
  }

  /** Forgets a guest thread that has ended. */
  public final void removeGuest(GuestThread thread) {
    guests.remove(thread);
  }

  /** Lets the calling thread inject into a thread that it traces and that is stopped. */
  public final void addTraced(TracedThread thread) {
    tracedThreads.putIfAbsent(Thread.currentThread(), thread);
  }

  /** Takes back what {@link #addTraced} has said. */
  public final void removeTraced(TracedThread thread) {
    tracedThreads.remove(Thread.currentThread(), thread);
  }

  @Override
  public final void mapFile(long address, FileRange range, AccessType access, boolean precommit) {
    if (access == AccessType.NONE) {
      unmap(address, range.byteCount());
      return;
    }
    MappingChecks.requireMappable(platform, address, range);
    if (process.isDead()) {
      return;
    }
    try {
      long result = map(address, range, access, precommit);
      if (result == -Errno.ENOMEM.number()) {
        result = mapAfterDroppingAll(address, range, access, precommit);
      }
      requireMapped(address, result);
    } catch (StubGoneException gone) {
      process.markDead();
    }
  }

  private long map(long address, FileRange range, AccessType access, boolean precommit) {
    return inject(
        SystemCall.MMAP,
        address,
        range.byteCount(),
        access.bits(),
        flags(precommit),
        StubLayout.MEMORY_FILE_DESCRIPTOR,
        range.start());
  }

  /**
   * Drops every mapping and tries again: the host has a limit on the number of mappings
   * (vm.max_map_count), and mappings are only a cache.
   */
  private long mapAfterDroppingAll(
      long address, FileRange range, AccessType access, boolean precommit) {
    unmap(platform.minAddress(), platform.maxAddress() - platform.minAddress());
    return map(address, range, access, precommit);
  }

  @Override
  public final void mapFiles(List<FileMapping> mappings) {
    int next = 0;
    while (next < mappings.size()) {
      int count = Math.min(TABLE_CAPACITY, mappings.size() - next);
      if (count < 3 || hasNone(mappings.subList(next, next + count))) {
        // The table pays from three mappings on.
        FileMapping mapping = mappings.get(next);
        mapFile(mapping.address(), mapping.range(), mapping.access(), mapping.precommit());
        next++;
      } else {
        next += mapBatch(mappings.subList(next, next + count));
      }
    }
  }

  private static boolean hasNone(List<FileMapping> mappings) {
    for (FileMapping mapping : mappings) {
      if (mapping.access() == AccessType.NONE) {
        return true;
      }
    }
    return false;
  }

  /** Maps what fits into the table and returns how many of the mappings have been dealt with. */
  private int mapBatch(List<FileMapping> mappings) {
    for (FileMapping mapping : mappings) {
      MappingChecks.requireMappable(platform, mapping.address(), mapping.range());
    }
    if (process.isDead()) {
      return mappings.size();
    }
    tableLock.lock();
    try {
      MemorySegment entries = tableLocked();
      for (int index = 0; index < mappings.size(); index++) {
        writeEntry(entries, index, mappings.get(index));
      }
      int mapped = injectBatch(mappings.size());
      if (mapped == mappings.size()) {
        return mapped;
      }
      FileMapping refused = mappings.get(mapped);
      requireMapped(
          refused.address(),
          mapAfterDroppingAll(
              refused.address(), refused.range(), refused.access(), refused.precommit()));
      return mapped + 1;
    } catch (StubGoneException gone) {
      process.markDead();
      return mappings.size();
    } finally {
      tableLock.unlock();
    }
  }

  /**
   * Maps the table of mappings, which is mapped when it is needed otherwise.
   *
   * @throws LinuxException ENOMEM
   */
  protected final void prepareTable() {
    tableLock.lock();
    try {
      tableLocked();
    } finally {
      tableLock.unlock();
    }
  }

  private MemorySegment tableLocked() {
    FileRange range = table;
    if (range == null) {
      range = memoryFile.allocate(Addr.PAGE_SIZE, MemoryKind.SYSTEM);
      long result =
          inject(
              SystemCall.MMAP,
              StubLayout.TABLE,
              Addr.PAGE_SIZE,
              AccessType.READ_BIT,
              MAP_SHARED_FIXED,
              StubLayout.MEMORY_FILE_DESCRIPTOR,
              range.start());
      if (result != StubLayout.TABLE) {
        memoryFile.decRef(range);
        throw LinuxException.of(Errno.ENOMEM);
      }
      table = range;
    }
    return memoryFile.segment(range);
  }

  private static void writeEntry(MemorySegment entries, int index, FileMapping mapping) {
    long entry = (long) index * StubLayout.BATCH_ENTRY_BYTES;
    entries.set(ValueLayout.JAVA_LONG, entry, mapping.address());
    entries.set(ValueLayout.JAVA_LONG, entry + 8, mapping.range().byteCount());
    entries.set(ValueLayout.JAVA_LONG, entry + 16, mapping.access().bits());
    entries.set(ValueLayout.JAVA_LONG, entry + 24, flags(mapping.precommit()));
    entries.set(ValueLayout.JAVA_LONG, entry + 32, mapping.range().start());
  }

  private int injectBatch(int count) {
    long end = StubLayout.TABLE + (long) count * StubLayout.BATCH_ENTRY_BYTES;
    TracedThread own = ownThread();
    return own != null ? own.injectBatch(end) : process.injectBatch(end);
  }

  @Override
  public final void unmap(long address, long byteCount) {
    MappingChecks.requirePages(address, byteCount);
    long start = Addr.max(address, platform.minAddress());
    long end =
        Addr.addOverflows(address, byteCount)
            ? platform.maxAddress()
            : Addr.min(address + byteCount, platform.maxAddress());
    if (process.isDead() || !Addr.lessThan(start, end)) {
      return;
    }
    try {
      long result = inject(SystemCall.MUNMAP, start, end - start, 0, 0, 0, 0);
      if (result == -Errno.ENOMEM.number()) {
        // Cutting a mapping in two takes one more, and the host has a limit. Whole mappings go.
        result =
            inject(
                SystemCall.MUNMAP,
                platform.minAddress(),
                platform.maxAddress() - platform.minAddress(),
                0,
                0,
                0,
                0);
      }
      if (result != 0) {
        throw new HostException("unmapping guest memory", (int) -result);
      }
    } catch (StubGoneException gone) {
      process.markDead();
    }
  }

  private long inject(long number, long a, long b, long c, long d, long e, long f) {
    TracedThread own = ownThread();
    return own != null
        ? own.inject(number, a, b, c, d, e, f)
        : process.inject(number, a, b, c, d, e, f);
  }

  /** Returns a thread that the calling thread can inject into; null if the warden is to do it. */
  protected @Nullable TracedThread ownThread() {
    return tracedThreads.get(Thread.currentThread());
  }

  private static int flags(boolean precommit) {
    return precommit ? MAP_SHARED_FIXED | MAP_POPULATE : MAP_SHARED_FIXED;
  }

  private static void requireMapped(long address, long result) {
    if (result == address) {
      return;
    }
    if (result == -Errno.ENOMEM.number() || result == -Errno.EAGAIN.number()) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    throw new HostException("mapping guest memory at " + Addr.toString(address), (int) -result);
  }

  @Override
  public final void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    master.end(process);
    guests.forEach(GuestThread::awaitStop);
    tableLock.lock();
    try {
      FileRange range = table;
      if (range != null) {
        memoryFile.decRef(range);
        table = null;
      }
    } finally {
      tableLock.unlock();
    }
    onClose();
  }

  /** Gives back what a platform holds for the address space, whose process has been killed. */
  protected void onClose() {}
}
