package org.usermem.mm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.MappingIdentity;
import org.usermem.mm.pma.PageOrigin;
import org.usermem.mm.pma.Pma;
import org.usermem.mm.view.MemoryTotals;
import org.usermem.mm.view.Residency;
import org.usermem.mm.view.VmaView;
import org.usermem.mm.vma.Vma;
import org.usermem.mm.vma.VmaAttributes;
import org.usermem.mm.vma.VmaFlag;

/** Looks at an address space from outside: what /proc and tools show. */
final class Views {

  /** Bytes of addresses that one page of page tables covers. */
  private static final long PAGE_TABLE_SPAN = Addr.HUGE_PAGE_SIZE;

  private Views() {}

  /**
   * Returns all areas.
   *
   * @param withResidency whether to look at the pages too
   */
  static List<VmaView> areas(Space space, boolean withResidency) {
    List<VmaView> areas = new ArrayList<>();
    space.locks.lockMappingsForReading();
    try {
      space.locks.lockPagesForReading();
      try {
        for (Vma vma = space.vmas.tree().first(); vma != null; vma = vma.next()) {
          areas.add(view(space, vma, withResidency ? residency(space, vma) : Residency.NONE));
        }
      } finally {
        space.locks.unlockPagesForReading();
      }
    } finally {
      space.locks.unlockMappingsForReading();
    }
    return areas;
  }

  static Optional<VmaView> areaAt(Space space, long addr) {
    space.locks.lockMappingsForReading();
    try {
      Vma vma = space.vmas.tree().find(addr);
      return vma == null ? Optional.empty() : Optional.of(view(space, vma, Residency.NONE));
    } finally {
      space.locks.unlockMappingsForReading();
    }
  }

  private static VmaView view(Space space, Vma vma, Residency residency) {
    VmaAttributes attributes = vma.attributes();
    MappingIdentity identity = attributes.identity();
    return new VmaView(
        vma.start(),
        vma.end(),
        attributes.access(),
        !attributes.isPrivate(),
        vma.offset(),
        identity == null ? 0 : identity.deviceId(),
        identity == null ? 0 : identity.inodeId(),
        name(space, vma),
        flags(attributes),
        attributes.isLocked(),
        residency);
  }

  /** Linux: {@code get_vma_name}. */
  private static String name(Space space, Vma vma) {
    VmaAttributes attributes = vma.attributes();
    MappingIdentity identity = attributes.identity();
    String given = attributes.name();
    if (identity != null) {
      if (given == null) {
        return identity.mappedName();
      }
      return SharedPages.isAnonymous(attributes) ? "[anon_shmem:" + given + "]" : given;
    }
    if (given != null && given.startsWith("[")) {
      // The loader's own names; a program's have no brackets.
      return given;
    }
    if (vma.start() < space.brkEnd && vma.end() > space.brkStart) {
      return "[heap]";
    }
    long stackStart = space.image.stackStart();
    if (stackStart != 0 && vma.start() <= stackStart && vma.end() >= stackStart) {
      return "[stack]";
    }
    return given == null ? "" : "[anon:" + given + "]";
  }

  /** Linux: {@code show_smap_vma_flags}; in the order of the bits. */
  private static String flags(VmaAttributes attributes) {
    AccessType access = attributes.access();
    AccessType may = attributes.maxAccess();
    boolean isPrivate = attributes.isPrivate();
    StringBuilder text = new StringBuilder();
    flag(text, "rd", access.canRead());
    flag(text, "wr", access.canWrite());
    flag(text, "ex", access.canExecute());
    flag(text, "sh", !isPrivate && may.canWrite());
    flag(text, "mr", may.canRead());
    flag(text, "mw", may.canWrite());
    flag(text, "me", may.canExecute());
    flag(text, "ms", !isPrivate);
    flag(text, "gd", attributes.has(VmaFlag.GROWS_DOWN));
    flag(text, "lo", attributes.isLocked());
    flag(text, "sr", attributes.has(VmaFlag.SEQUENTIAL));
    flag(text, "rr", attributes.has(VmaFlag.RANDOM));
    flag(text, "dc", attributes.has(VmaFlag.DONT_FORK));
    flag(text, "lf", attributes.lockMode() == LockMode.LAZY);
    flag(text, "ac", isPrivate && access.canWrite() && !attributes.has(VmaFlag.NO_RESERVE));
    flag(text, "nr", attributes.has(VmaFlag.NO_RESERVE));
    flag(text, "wf", attributes.has(VmaFlag.WIPE_ON_FORK));
    flag(text, "dd", attributes.has(VmaFlag.DONT_DUMP));
    flag(text, "hg", attributes.has(VmaFlag.HUGE_PAGE));
    flag(text, "nh", attributes.has(VmaFlag.NO_HUGE_PAGE));
    flag(text, "mg", attributes.has(VmaFlag.MERGEABLE));
    return text.toString();
  }

  private static void flag(StringBuilder text, String letters, boolean isSet) {
    if (isSet) {
      text.append(letters).append(' ');
    }
  }

  private static Residency residency(Space space, Vma vma) {
    Residency sum = Residency.NONE;
    for (Pma pma = space.pmas.tree().lowerBound(vma.start());
        pma != null && pma.start() < vma.end();
        pma = pma.next()) {
      long from = pma.fileOffsetAt(Math.max(pma.start(), vma.start()));
      long to = pma.fileOffsetAt(Math.min(pma.end(), vma.end()));
      // What is mapped has a reference of its own, which no program has.
      int others = pma.isPrivate() ? 0 : 1;
      long[] runs = space.file.referenceRuns(new FileRange(from, to));
      for (int i = 0; i < runs.length; i += 3) {
        long users = Math.max(runs[i + 2] - others, 1);
        sum = sum.plus(residencyOf(pma.origin(), runs[i + 1] - runs[i], users));
      }
    }
    return sum;
  }

  private static Residency residencyOf(PageOrigin origin, long byteCount, long users) {
    long shared = users > 1 ? byteCount : 0;
    long proportional = (byteCount << 12) / users;
    return switch (origin) {
      case PRIVATE -> new Residency(byteCount, 0, 0, shared, 0, proportional, proportional, 0);
      case FILE -> new Residency(0, byteCount, 0, 0, shared, proportional, 0, proportional);
      case SHARED_MEMORY -> new Residency(0, 0, byteCount, 0, shared, proportional, 0, 0);
    };
  }

  static MemoryTotals totals(Space space) {
    space.locks.lockMappingsForReading();
    try {
      space.locks.lockPagesForReading();
      try {
        return totalsLocked(space);
      } finally {
        space.locks.unlockPagesForReading();
      }
    } finally {
      space.locks.unlockMappingsForReading();
    }
  }

  private static MemoryTotals totalsLocked(Space space) {
    long stack = 0;
    long executable = 0;
    for (Vma vma = space.vmas.tree().first(); vma != null; vma = vma.next()) {
      AccessType access = vma.attributes().access();
      if (vma.attributes().has(VmaFlag.GROWS_DOWN)) {
        stack += vma.byteCount();
      } else if (access.canExecute() && !access.canWrite()) {
        executable += vma.byteCount();
      }
    }
    long code =
        Addr.pageRoundUp(space.image.code().end()) - Addr.pageRoundDown(space.image.code().start());
    return new MemoryTotals(
        space.vmas.tree().span(),
        space.vmas.peakBytes(),
        space.vmas.lockedBytes(),
        space.pmas.residentBytes(PageOrigin.PRIVATE),
        space.pmas.residentBytes(PageOrigin.FILE),
        space.pmas.residentBytes(PageOrigin.SHARED_MEMORY),
        space.pmas.peakBytes(),
        space.vmas.dataBytes(),
        stack,
        Math.min(code, executable),
        executable,
        pageTableBytes(space));
  }

  private static long pageTableBytes(Space space) {
    long bytes = 0;
    long covered = 0;
    for (Pma pma = space.pmas.tree().first(); pma != null; pma = pma.next()) {
      long from = Math.max(pma.start() / PAGE_TABLE_SPAN, covered);
      long to = (pma.end() + PAGE_TABLE_SPAN - 1) / PAGE_TABLE_SPAN;
      if (to > from) {
        bytes += (to - from) * Addr.PAGE_SIZE;
        covered = to;
      }
    }
    return bytes;
  }
}
