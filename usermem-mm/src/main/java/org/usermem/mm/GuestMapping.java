package org.usermem.mm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.mm.pma.Pma;
import org.usermem.mm.vma.Vma;
import org.usermem.platform.AddressSpace;
import org.usermem.platform.FileMapping;

/** Lets the guest see pages that are there. Under the write lock of the pages. */
final class GuestMapping {

  private GuestMapping() {}

  /**
   * Maps whatever backs a part of an area, in place of what the guest has there.
   *
   * @return false if the host refuses; then the guest has nothing there, and faults
   */
  static boolean map(Space space, Vma vma, long start, long end) {
    AddressSpace addressSpace = space.addressSpace;
    if (addressSpace == null) {
      return true;
    }
    Pma pma = space.pmas.tree().lowerBound(start);
    if (pma == null || pma.start() >= end) {
      return true;
    }
    try {
      map(addressSpace, vma, pma, start, end);
      return true;
    } catch (LinuxException e) {
      // Behind the mapping that was refused there may be one of pages that are given up now.
      addressSpace.unmap(start, end - start);
      return false;
    }
  }

  private static void map(AddressSpace addressSpace, Vma vma, Pma first, long start, long end) {
    if (end <= first.end()) {
      mapOne(addressSpace, vma, first, Math.max(start, first.start()), end);
      return;
    }
    List<FileMapping> mappings = new ArrayList<>();
    collect(vma, first, start, end, mappings);
    addressSpace.mapFiles(mappings);
  }

  /** Notes what backs a part of an area, to be mapped by {@link #mapAll}. */
  static void collect(Space space, Vma vma, long start, long end, List<FileMapping> mappings) {
    collect(vma, space.pmas.tree().lowerBound(start), start, end, mappings);
  }

  private static void collect(
      Vma vma, @Nullable Pma first, long start, long end, List<FileMapping> mappings) {
    for (Pma pma = first; pma != null && pma.start() < end; pma = pma.next()) {
      long from = Math.max(start, pma.start());
      long to = Math.min(end, pma.end());
      AccessType access = access(vma, pma);
      if (access != AccessType.NONE) {
        pma.setInAddressSpace(true);
        FileRange range = new FileRange(pma.fileOffsetAt(from), pma.fileOffsetAt(to));
        mappings.add(new FileMapping(from, range, access, true));
      }
    }
  }

  /** Maps what was collected; what the host refuses the guest faults in. */
  static void mapAll(AddressSpace addressSpace, List<FileMapping> mappings) {
    try {
      addressSpace.mapFiles(mappings);
    } catch (LinuxException e) {
      // As above: behind what was refused there may be pages that are given up now.
      for (FileMapping mapping : mappings) {
        addressSpace.unmap(mapping.address(), mapping.range().byteCount());
      }
    }
  }

  private static void mapOne(AddressSpace addressSpace, Vma vma, Pma pma, long from, long to) {
    AccessType access = access(vma, pma);
    if (access != AccessType.NONE) {
      pma.setInAddressSpace(true);
      FileRange range = new FileRange(pma.fileOffsetAt(from), pma.fileOffsetAt(to));
      addressSpace.mapFile(from, range, access, true);
    }
  }

  private static AccessType access(Vma vma, Pma pma) {
    AccessType access = vma.attributes().effectiveAccess().intersect(pma.translated());
    return pma.isCopyOnWrite() ? access.without(AccessType.WRITE) : access;
  }
}
