package org.usermem.mm;

import org.usermem.addr.AccessType;
import org.usermem.io.IOOpts;
import org.usermem.mm.table.PageEntry;
import org.usermem.mm.vma.Vma;
import org.usermem.mm.vma.VmaAttributes;

/** What an area allows to whom: Linux's {@code check_vma_flags}. */
final class Access {

  private Access() {}

  /** Returns whether an area allows an access under options. */
  static boolean isAllowed(Vma vma, AccessType access, IOOpts opts) {
    VmaAttributes attributes = vma.attributes();
    if (attributes.effectiveAccess().contains(access)) {
      return true;
    }
    if (opts != IOOpts.IGNORE_PERMISSIONS) {
      return false;
    }
    // FOLL_FORCE writes where a write makes a private copy, never through a shared mapping.
    return attributes.maxAccess().effective().contains(access)
        && (!access.canWrite() || attributes.isPrivate());
  }

  /** Returns what a table entry must allow for a read under options. */
  static long neededToRead(IOOpts opts) {
    return opts == IOOpts.DEFAULT ? PageEntry.READ : PageEntry.FORCED_READ;
  }

  /** Returns what a table entry must allow for a write under options. */
  static long neededToWrite(IOOpts opts) {
    return opts == IOOpts.DEFAULT ? PageEntry.WRITE : PageEntry.FORCED_WRITE;
  }

  /** Returns what a table entry must allow for a read and a write of the same word. */
  static long neededToUpdate(IOOpts opts) {
    return neededToRead(opts) | neededToWrite(opts);
  }
}
