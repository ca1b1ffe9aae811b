package org.usermem.platform.inprocess;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.memmap.FileRange;
import org.usermem.platform.AddressSpace;
import org.usermem.platform.Context;
import org.usermem.platform.FileMapping;
import org.usermem.platform.MappingChecks;

/** An address space that only records what is mapped where. */
public final class InProcessAddressSpace implements AddressSpace {

  private final InProcessPlatform platform;
  private final GuestCode guestCode;

  /** The mappings by their first address; guarded by itself. */
  private final TreeMap<Long, FileMapping> mappings = new TreeMap<>(Long::compareUnsigned);

  private volatile boolean closed;

  InProcessAddressSpace(InProcessPlatform platform, GuestCode guestCode) {
    this.platform = platform;
    this.guestCode = guestCode;
  }

  @Override
  public void mapFile(long address, FileRange range, AccessType access, boolean precommit) {
    MappingChecks.requireMappable(platform, address, range);
    synchronized (mappings) {
      removeLocked(address, address + range.byteCount());
      if (!closed) {
        mappings.put(address, new FileMapping(address, range, access.effective(), precommit));
      }
    }
  }

  @Override
  public void unmap(long address, long byteCount) {
    MappingChecks.requirePages(address, byteCount);
    long end = Addr.addOverflows(address, byteCount) ? platform.maxAddress() : address + byteCount;
    synchronized (mappings) {
      removeLocked(address, end);
    }
  }

  @Override
  public Context newContext() {
    return new InProcessContext(this, guestCode);
  }

  @Override
  public void close() {
    closed = true;
    synchronized (mappings) {
      mappings.clear();
    }
    platform.forget(this);
  }

  /** Returns whether the address space is closed. */
  public boolean isClosed() {
    return closed;
  }

  /** Returns what is mapped, in the order of addresses. */
  public List<FileMapping> mappings() {
    synchronized (mappings) {
      return new ArrayList<>(mappings.values());
    }
  }

  /**
   * Translates an address as the hardware would.
   *
   * @param address a guest address
   * @param access how it is accessed
   * @return the offset in the memory file; nothing if that would be a fault
   */
  public OptionalLong translate(long address, AccessType access) {
    synchronized (mappings) {
      Map.@Nullable Entry<Long, FileMapping> entry = mappings.floorEntry(address);
      if (entry == null) {
        return OptionalLong.empty();
      }
      FileMapping mapping = entry.getValue();
      long offset = address - mapping.address();
      return offset < mapping.range().byteCount() && mapping.access().contains(access)
          ? OptionalLong.of(mapping.range().start() + offset)
          : OptionalLong.empty();
    }
  }

  private void removeLocked(long start, long end) {
    splitLocked(start);
    splitLocked(end);
    mappings.subMap(start, true, end, false).clear();
  }

  private void splitLocked(long at) {
    Map.@Nullable Entry<Long, FileMapping> entry = mappings.lowerEntry(at);
    if (entry == null) {
      return;
    }
    FileMapping mapping = entry.getValue();
    long offset = at - mapping.address();
    FileRange range = mapping.range();
    if (offset < range.byteCount()) {
      long cut = range.start() + offset;
      mappings.put(mapping.address(), withRange(mapping, new FileRange(range.start(), cut), 0));
      mappings.put(at, withRange(mapping, new FileRange(cut, range.end()), offset));
    }
  }

  private static FileMapping withRange(FileMapping mapping, FileRange range, long offset) {
    return new FileMapping(
        mapping.address() + offset, range, mapping.access(), mapping.precommit());
  }
}
