package org.usermem.mm;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MemoryKind;
import org.usermem.memmap.Translation;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.pma.PageOrigin;
import org.usermem.mm.pma.Pma;
import org.usermem.mm.vma.Vma;

/**
 * Gives pages to what is mapped: allocates private ones, has mappables translate theirs, breaks
 * copy-on-write. One use, under the lock of the mappings and the write lock of the pages.
 *
 * <p>Follows {@code getPMAsLocked} of gVisor's {@code pkg/sentry/mm/pma.go}.
 */
final class Backing {

  private final Space space;

  /** References to pages that have been replaced. */
  private final Retired retired;

  /** Whether the pages will be written or read at once by the sentry itself. */
  private final boolean bySentry;

  /** Why the last call stopped short. */
  private FaultOutcome failure = FaultOutcome.HANDLED;

  /** What the guest may still see the old pages of. */
  private long staleStart = Long.MAX_VALUE;

  private long staleEnd;

  /** The window of pages that the last fault has been given. */
  private long windowStart;

  private long windowEnd;

  Backing(Space space, Retired retired, boolean bySentry) {
    this.space = space;
    this.retired = retired;
    this.bySentry = bySentry;
  }

  /** Returns why the last call of {@link #back} stopped short. */
  FaultOutcome failure() {
    return failure;
  }

  long staleStart() {
    return staleStart;
  }

  long staleEnd() {
    return staleEnd;
  }

  long windowStart() {
    return windowStart;
  }

  long windowEnd() {
    return windowEnd;
  }

  /** Takes away what the guest may still see of replaced pages. */
  void unmapStale() {
    if (staleStart < staleEnd) {
      space.unmapGuest(staleStart, staleEnd);
      staleStart = Long.MAX_VALUE;
      staleEnd = 0;
    }
  }

  /**
   * Sees to it that pages back a part of an area and can be accessed.
   *
   * @param vma an area that allows the access
   * @param start start of the part, aligned to pages
   * @param end its end, aligned to pages
   * @return the address up to which that succeeded; where it is less than the end, {@link #failure}
   *     says why
   */
  long back(Vma vma, long start, long end, AccessType access) {
    long at = start;
    while (at < end) {
      Pma pma = space.pmas.tree().lowerBound(at);
      boolean progress;
      if (pma == null || pma.start() > at) {
        progress = fillGap(vma, pma, at, end, access);
      } else if (access.canWrite() && pma.isCopyOnWrite()) {
        progress = breakCopyOnWrite(vma, pma, at, end);
      } else if (!pma.translated().contains(access)) {
        progress = translateAgain(vma, pma, at, end, access);
      } else {
        at = pma.end();
        continue;
      }
      if (!progress) {
        return at;
      }
    }
    return end;
  }

  private boolean fillGap(Vma vma, @Nullable Pma after, long at, long end, AccessType access) {
    Pma before = after == null ? space.pmas.tree().last() : after.prev();
    long gapStart = before == null ? vma.start() : Math.max(vma.start(), before.end());
    long gapEnd = after == null ? vma.end() : Math.min(vma.end(), after.start());
    long window = FaultAround.window(vma, before, after, at);
    long needEnd = Math.min(end, gapEnd);
    windowStart = Math.max(gapStart, at & -window);
    windowEnd = Math.min(gapEnd, roundUp(needEnd, window));
    if (vma.attributes().isAnonymous()) {
      return allocate(at, needEnd, windowStart, windowEnd);
    }
    return translate(vma, at, needEnd, windowStart, windowEnd, access);
  }

  private static long roundUp(long addr, long window) {
    return (addr + window - 1) & -window;
  }

  private boolean allocate(long needStart, long needEnd, long start, long end) {
    FileRange range = allocatePages(end - start);
    long from = start;
    long to = end;
    if (range == null) {
      // Less than the window may still be there.
      from = needStart;
      to = needEnd;
      range = allocatePages(to - from);
      if (range == null) {
        to = needStart + Addr.PAGE_SIZE;
        range = allocatePages(Addr.PAGE_SIZE);
      }
    }
    if (range == null) {
      failure = FaultOutcome.OUT_OF_MEMORY;
      return false;
    }
    windowStart = from;
    windowEnd = to;
    if (bySentry) {
      space.file.populate(range);
    }
    space.pmas.insertMerged(
        new Pma(from, to, range.start(), PageOrigin.PRIVATE, AccessType.ANY, false));
    return true;
  }

  private @Nullable FileRange allocatePages(long byteCount) {
    try {
      return space.file.allocate(byteCount, MemoryKind.ANONYMOUS);
    } catch (LinuxException e) {
      space.quarantine.awaitAndReclaim();
    }
    try {
      return space.file.allocate(byteCount, MemoryKind.ANONYMOUS);
    } catch (LinuxException e) {
      return null;
    }
  }

  private boolean translate(
      Vma vma, long needStart, long needEnd, long start, long end, AccessType access) {
    // A private mapping reads what it will copy; whether it may write the file does not matter.
    AccessType asked = AccessType.READ.union(access);
    if (vma.attributes().isPrivate()) {
      asked = asked.without(AccessType.WRITE);
    }
    List<Translation> translations = ask(vma, needStart, needEnd, start, end, asked);
    for (Translation translation : translations) {
      insertTranslated(vma, translation);
    }
    return reached(vma, translations, needStart);
  }

  /** Has the mappable translate; an empty list where that fails, with the reason noted. */
  private List<Translation> ask(
      Vma vma, long needStart, long needEnd, long start, long end, AccessType asked) {
    Mappable mappable = vma.attributes().mappable();
    if (mappable == null) {
      throw new IllegalStateException(vma + " has nothing to translate");
    }
    MappableRange required = vma.mappableRange(needStart, needEnd);
    MappableRange optional = vma.mappableRange(start, end);
    try {
      return mappable.translate(required, optional, asked);
    } catch (LinuxException e) {
      failure = e.errno() == Errno.ENOMEM ? FaultOutcome.OUT_OF_MEMORY : FaultOutcome.BUS;
      return List.of();
    }
  }

  private boolean reached(Vma vma, List<Translation> translations, long needStart) {
    if (translations.isEmpty()) {
      if (failure == FaultOutcome.HANDLED) {
        failure = FaultOutcome.BUS;
      }
      return false;
    }
    windowStart = vma.addressOf(translations.getFirst().source().start());
    windowEnd = vma.addressOf(translations.getLast().source().end());
    if (needStart < windowStart || needStart >= windowEnd) {
      throw new IllegalStateException(
          "a translation of %s does not cover 0x%x".formatted(vma, needStart));
    }
    return true;
  }

  private void insertTranslated(Vma vma, Translation translation) {
    long from = vma.addressOf(translation.source().start());
    space.file.incRef(translation.fileRange());
    space.pmas.insertMerged(
        new Pma(
            from,
            from + translation.source().byteCount(),
            translation.fileOffset(),
            SharedPages.origin(vma.attributes()),
            translation.access(),
            vma.attributes().isPrivate()));
  }

  /** Replaces a translation that allows too little. */
  private boolean translateAgain(Vma vma, Pma pma, long at, long end, AccessType access) {
    if (pma.isPrivate()) {
      throw new IllegalStateException("private pages allow everything: " + pma);
    }
    long start = Math.max(pma.start(), vma.start());
    long stop = Math.min(pma.end(), vma.end());
    AccessType asked = pma.translated().union(access);
    List<Translation> translations = ask(vma, at, Math.min(end, stop), start, stop, asked);
    if (translations.isEmpty()) {
      return reached(vma, translations, at);
    }
    long from = vma.addressOf(translations.getFirst().source().start());
    long to = vma.addressOf(translations.getLast().source().end());
    replace(pma, from, to);
    for (Translation translation : translations) {
      insertTranslated(vma, translation);
    }
    return reached(vma, translations, at);
  }

  /** Takes a part of a page area out; its references are retired once nobody can see it. */
  private void replace(Pma pma, long from, long to) {
    Pma old = space.pmas.isolate(pma, from, to);
    space.pmas.remove(old);
    retired.add(old.fileOffset(), old.fileOffset() + old.byteCount());
    space.table.clear(Addr.pageNumber(from), Addr.pageNumber(to));
    if (old.isInAddressSpace()) {
      staleStart = Math.min(staleStart, from);
      staleEnd = Math.max(staleEnd, to);
    }
  }

  private boolean breakCopyOnWrite(Vma vma, Pma pma, long at, long end) {
    long window = CopyWindow.byteCount(vma, pma, at);
    long start = Math.max(Math.max(pma.start(), vma.start()), at & -window);
    long needEnd = Math.min(Math.min(pma.end(), vma.end()), end);
    long stop = Math.min(Math.min(pma.end(), vma.end()), roundUp(needEnd, window));
    if (pma.isPrivate() && space.file.isSoleOwner(pageRange(pma, start, stop))) {
      own(pma, start, stop);
      return true;
    }
    FileRange copy = allocatePages(stop - start);
    if (copy == null) {
      start = at;
      stop = at + Addr.PAGE_SIZE;
      copy = allocatePages(Addr.PAGE_SIZE);
      if (copy == null) {
        failure = FaultOutcome.OUT_OF_MEMORY;
        return false;
      }
    }
    space.file.populate(copy);
    MemorySegment base = space.file.base();
    MemorySegment.copy(base, pma.fileOffsetAt(start), base, copy.start(), stop - start);
    replace(pma, start, stop);
    windowStart = start;
    windowEnd = stop;
    space.pmas.insertMerged(
        new Pma(start, stop, copy.start(), PageOrigin.PRIVATE, AccessType.ANY, false));
    return true;
  }

  private static FileRange pageRange(Pma pma, long start, long end) {
    return new FileRange(pma.fileOffsetAt(start), pma.fileOffsetAt(end));
  }

  /** Takes pages over that nobody else has a reference on any more. */
  private void own(Pma pma, long start, long end) {
    Pma owned = space.pmas.isolate(pma, start, end);
    owned.setCopyOnWrite(false);
    windowStart = start;
    windowEnd = end;
    space.table.clear(Addr.pageNumber(start), Addr.pageNumber(end));
    space.pmas.mergeNext(space.pmas.mergePrev(owned));
  }
}
