package org.usermem.mm;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.usermem.addr.AddrRange;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.MemoryKind;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.pma.PageOrigin;
import org.usermem.mm.pma.Pma;
import org.usermem.mm.vma.Vma;
import org.usermem.mm.vma.VmaAttributes;
import org.usermem.mm.vma.VmaFlag;

/**
 * fork(2): Linux's {@code dup_mmap}. Private pages become copy-on-write on both sides; what is
 * shared is left for the child to translate when it touches it.
 */
final class Forking {

  private final Space parent;
  private final Space child;

  private Forking(Space parent) {
    this.parent = parent;
    this.child = new Space(parent.file, parent.platform, parent.layout, parent.inodes);
  }

  static Space fork(Space parent) {
    Space child = new Forking(parent).run();
    parent.forks.forked(child);
    return child;
  }

  private Space run() {
    parent.locks.lockMappingsForWriting();
    try {
      child.locks.lockMappingsForWriting();
      try {
        child.captureInvalidations();
        child.brkStart = parent.brkStart;
        child.brkEnd = parent.brkEnd;
        child.limits = parent.limits;
        child.image = parent.image;
        copyAreas();
        copyPages();
      } catch (LinuxException e) {
        abandon();
        throw e;
      } finally {
        child.unlockMappings(new Retired());
      }
    } finally {
      parent.unlockMappings(new Retired());
    }
    return child;
  }

  private void copyAreas() {
    for (Vma vma = parent.vmas.tree().first(); vma != null; vma = vma.next()) {
      VmaAttributes attributes = vma.attributes();
      if (attributes.has(VmaFlag.DONT_FORK)) {
        continue;
      }
      if (attributes.isLocked()) {
        // "Memory locks are not inherited": fork(2).
        attributes = attributes.withLockMode(LockMode.NONE);
      }
      Mmap.insert(child, vma.start(), vma.end(), vma.offset(), attributes);
    }
  }

  private void copyPages() {
    parent.locks.lockPagesForWriting();
    try {
      child.locks.lockPagesForWriting();
      try {
        if (shareAll()) {
          // No copy may write to a page after the child has come to share it.
          parent.quarantine.epochs().await();
        }
        copyLent();
        repeatInvalidations();
      } finally {
        child.locks.unlockPagesForWriting();
      }
    } finally {
      parent.locks.unlockPagesForWriting();
    }
  }

  /** Makes private pages copy-on-write; returns whether any had been writable. */
  private boolean shareAll() {
    boolean any = false;
    long unmapStart = 0;
    long unmapEnd = 0;
    Vma vma = parent.vmas.tree().first();
    for (Pma pma = parent.pmas.tree().first(); pma != null && vma != null; pma = pma.next()) {
      if (!pma.isPrivate()) {
        continue;
      }
      if (!pma.isCopyOnWrite()) {
        any = true;
        pma.setCopyOnWrite(true);
        if (pma.isInAddressSpace()) {
          if (unmapEnd != pma.start()) {
            parent.unmapGuest(unmapStart, unmapEnd);
            unmapStart = pma.start();
          }
          unmapEnd = pma.end();
        }
      }
      vma = shareParts(pma, vma);
      pma = parent.pmas.mergePrev(pma);
    }
    if (unmapStart < unmapEnd) {
      parent.unmapGuest(unmapStart, unmapEnd);
    }
    if (any) {
      parent.table.clear();
    }
    return any;
  }

  /** Gives the child what a page area and the areas that pass on their pages have in common. */
  private Vma shareParts(Pma pma, Vma first) {
    Vma vma = first;
    while (vma.end() <= pma.start()) {
      vma = following(vma);
    }
    long from = -1;
    while (true) {
      boolean passed = !vma.attributes().has(VmaFlag.DONT_FORK | VmaFlag.WIPE_ON_FORK);
      if (passed && from < 0) {
        from = Math.max(pma.start(), vma.start());
      } else if (!passed && from >= 0) {
        share(pma, from, vma.start());
        from = -1;
      }
      if (vma.end() >= pma.end()) {
        break;
      }
      vma = following(vma);
    }
    if (from >= 0) {
      share(pma, from, pma.end());
    }
    return vma;
  }

  private static Vma following(Vma vma) {
    Vma next = vma.next();
    if (next == null) {
      throw new IllegalStateException("pages are backed after the last area, " + vma);
    }
    return next;
  }

  private void share(Pma pma, long from, long to) {
    parent.file.incRef(new FileRange(pma.fileOffsetAt(from), pma.fileOffsetAt(to)));
    child.pmas.insertMerged(
        new Pma(from, to, pma.fileOffsetAt(from), PageOrigin.PRIVATE, pma.translated(), true));
  }

  /**
   * Gives the child copies of pages that somebody is being lent to write to: what the borrower
   * still writes is the parent's, as with pages that Linux has pinned for I/O.
   */
  private void copyLent() {
    Pma pma = child.pmas.tree().first();
    while (pma != null) {
      Pma next = pma.next();
      long start = pma.fileOffset();
      if (parent.quarantine.loans().overlapForWriting(start, start + pma.byteCount())) {
        copy(pma);
      }
      pma = next;
    }
  }

  private void copy(Pma pma) {
    FileRange copy = parent.file.allocate(pma.byteCount(), MemoryKind.ANONYMOUS);
    MemorySegment base = parent.file.base();
    MemorySegment.copy(base, pma.fileOffset(), base, copy.start(), pma.byteCount());
    child.pmas.remove(pma);
    parent.file.decRef(new FileRange(pma.fileOffset(), pma.fileOffset() + pma.byteCount()));
    child.pmas.insert(
        new Pma(pma.start(), pma.end(), copy.start(), PageOrigin.PRIVATE, pma.translated(), false));
  }

  /**
   * Repeats what mappables have invalidated since they were told of the child: its pages came
   * after.
   */
  private void repeatInvalidations() {
    List<Space.Invalidation> missed = child.captured;
    child.captured = null;
    if (missed == null) {
      return;
    }
    Retired retired = new Retired();
    for (Space.Invalidation invalidation : missed) {
      AddrRange range = invalidation.range();
      child.removePages(range.start(), range.end(), invalidation.invalidatePrivate(), retired);
    }
    child.quarantine.retire(retired);
  }

  /** Takes back what a fork that failed has given the child. */
  private void abandon() {
    child.locks.lockPagesForWriting();
    child.captured = null;
    child.locks.unlockPagesForWriting();
    Retired retired = new Retired();
    child.unmapRange(0, child.layout.maxAddress(), retired);
    child.quarantine.retire(retired);
  }
}
