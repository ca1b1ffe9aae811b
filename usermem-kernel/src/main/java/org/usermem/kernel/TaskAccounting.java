package org.usermem.kernel;

import org.jspecify.annotations.Nullable;
import org.usermem.kernel.limits.ResourceUsage;
import org.usermem.mm.MemoryManager;

/**
 * What a task has done, counted. Only the task's own thread counts; reading is safe from any
 * thread.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
public final class TaskAccounting {

  private volatile long minorFaults;
  private volatile long majorFaults;
  private volatile long bytesRead;
  private volatile long bytesWritten;
  private volatile long readCalls;
  private volatile long writeCalls;
  private volatile long peakResidentBytes;

  TaskAccounting() {}

  /** Counts a fault that needed no input or output. */
  public void countMinorFault() {
    minorFaults++;
  }

  /** Counts a fault that read a file. */
  public void countMajorFault() {
    majorFaults++;
  }

  /** Counts a call that read. */
  public void countRead(long byteCount) {
    readCalls++;
    bytesRead += byteCount;
  }

  /** Counts a call that wrote. */
  public void countWrite(long byteCount) {
    writeCalls++;
    bytesWritten += byteCount;
  }

  /** Returns how many calls read. */
  public long readCalls() {
    return readCalls;
  }

  /** Returns how many calls wrote. */
  public long writeCalls() {
    return writeCalls;
  }

  /** Notes how large an address space was, before the task gives it up. */
  void leave(MemoryManager memory) {
    peakResidentBytes = Math.max(peakResidentBytes, memory.totals().residentPeak());
  }

  /**
   * Returns what the task has used.
   *
   * @param memory the address space that it has now; null for none, or where its locks can't be
   *     taken
   */
  ResourceUsage usage(TaskClock clock, @Nullable MemoryManager memory) {
    long peak = peakResidentBytes;
    return new ResourceUsage(
        clock.userNanos(),
        clock.systemNanos(),
        memory == null ? peak : Math.max(peak, memory.totals().residentPeak()),
        minorFaults,
        majorFaults,
        bytesRead,
        bytesWritten,
        clock.sleeps(),
        clock.interruptions());
  }
}
