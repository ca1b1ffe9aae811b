package org.usermem.mm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.pma.Pma;
import org.usermem.mm.vma.Vma;
import org.usermem.platform.AddressSpace;
import org.usermem.platform.FileMapping;

/**
 * Brings in after a fork what was faulted in after the forks before, on either side: as if the
 * guest had run into these faults already, but with one call of the platform for all of them.
 *
 * <p>Thread safety: every method from any thread.
 */
final class ForkLearner {

  private final Space space;
  private final FaultHistory own = new FaultHistory();
  private final FaultHistory children = new FaultHistory();

  /** What the next faults are added to. */
  private volatile @Nullable FaultHistory listening;

  /** What a child is to bring in when it gets its guest side. */
  private volatile List<FaultHistory.Fault> due = List.of();

  ForkLearner(Space space) {
    this.space = space;
  }

  /** Says that a fault has been handled. */
  void handled(long page, AccessType access) {
    FaultHistory history = listening;
    if (history != null && !history.add(page, access)) {
      listening = null;
    }
  }

  /** Says that the space has been copied; under no lock. */
  void forked(Space child) {
    ForkLearner learner = child.forks;
    learner.due = children.use();
    learner.listening = children;
    bringIn(own.use());
    listening = own;
  }

  /** Says that the guest is about to run its first instruction here; under no lock. */
  void guestBegins() {
    List<FaultHistory.Fault> faults = due;
    due = List.of();
    bringIn(faults);
  }

  private void bringIn(List<FaultHistory.Fault> faults) {
    if (faults.isEmpty()) {
      return;
    }
    Retired retired = new Retired();
    space.locks.lockMappingsForReading();
    try {
      space.locks.lockPagesForWriting();
      try {
        AddressSpace addressSpace = space.addressSpace;
        if (addressSpace != null) {
          map(addressSpace, back(faults, retired));
        }
      } finally {
        space.locks.unlockPagesForWriting();
      }
    } finally {
      space.locks.unlockMappingsForReading();
    }
    space.quarantine.retire(retired);
  }

  /** A part of an area that has pages to be shown. */
  private record Window(Vma vma, long start, long end) {

    boolean contains(Window other) {
      return start <= other.start && other.end <= end;
    }
  }

  /** Gives pages to what is still there and allows the same, and returns where. */
  private List<Window> back(List<FaultHistory.Fault> faults, Retired retired) {
    List<Window> windows = new ArrayList<>();
    for (FaultHistory.Fault fault : faults) {
      Vma vma = space.vmas.tree().find(fault.page());
      if (vma == null
          || !vma.attributes().effectiveAccess().contains(fault.access())
          || (fault.access().canWrite() && !isOwn(vma, fault.page()))) {
        continue;
      }
      Backing backing = new Backing(space, retired, false);
      long end = fault.page() + Addr.PAGE_SIZE;
      boolean backed = backing.back(vma, fault.page(), end, fault.access()) == end;
      if (!backed) {
        backing.unmapStale();
        break;
      }
      Window window = around(vma, fault.page(), backing);
      if (backing.staleStart() < window.start() || backing.staleEnd() > window.end()) {
        // What is mapped in the end takes the place of the rest.
        backing.unmapStale();
      }
      addWindow(windows, window);
    }
    return windows;
  }

  /**
   * Returns whether a write to a page that the program does not make after all is seen by nobody. A
   * private page of a file shows what others write to the file until it is written to itself, and
   * one that is shared would be dirty.
   */
  private boolean isOwn(Vma vma, long page) {
    Pma pma = space.pmas.tree().find(page);
    return pma == null ? vma.attributes().isAnonymous() : pma.isPrivate();
  }

  private static void addWindow(List<Window> windows, Window added) {
    for (Window window : windows) {
      if (window.contains(added)) {
        return;
      }
    }
    windows.add(added);
  }

  private Window around(Vma vma, long page, Backing backing) {
    if (backing.windowStart() < backing.windowEnd()) {
      return new Window(vma, backing.windowStart(), backing.windowEnd());
    }
    Pma pma = space.pmas.tree().find(page);
    if (pma == null) {
      throw new IllegalStateException("0x%x was backed and is not".formatted(page));
    }
    return new Window(
        vma, PageFault.aroundStart(vma, pma, page), PageFault.aroundEnd(vma, pma, page));
  }

  private void map(AddressSpace addressSpace, List<Window> windows) {
    List<FileMapping> mappings = new ArrayList<>();
    for (Window window : windows) {
      GuestMapping.collect(space, window.vma(), window.start(), window.end(), mappings);
    }
    GuestMapping.mapAll(addressSpace, mappings);
  }
}
