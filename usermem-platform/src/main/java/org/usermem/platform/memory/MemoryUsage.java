package org.usermem.platform.memory;

import java.util.Map;
import org.usermem.memmap.MemoryKind;

/**
 * How much of a memory file is in use, all in bytes.
 *
 * @param allocated what somebody holds a reference on
 * @param byKind the same, by what it is for; every kind is there
 * @param retained what is free but still holds memory of the host
 * @param committed what the host says that the file takes of its memory
 * @param limit how much may be allocated
 */
public record MemoryUsage(
    long allocated, Map<MemoryKind, Long> byKind, long retained, long committed, long limit) {

  /** Copies the map. */
  public MemoryUsage {
    byKind = Map.copyOf(byKind);
  }
}
