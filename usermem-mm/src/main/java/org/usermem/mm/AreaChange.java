package org.usermem.mm;

import java.util.function.UnaryOperator;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.mm.vma.Vma;
import org.usermem.mm.vma.VmaAttributes;

/** Changes of attributes over a range of areas. Under the write lock of the mappings. */
final class AreaChange {

  private AreaChange() {}

  /**
   * Gives every area of a range other attributes, splitting at its ends.
   *
   * @param change gives the attributes that an area is to have; may refuse by an exception, before
   *     which areas below have been changed
   * @param acrossHoles whether to go on after a part where nothing is mapped
   * @return whether all of the range is mapped
   * @throws LinuxException ENOMEM if there would be too many areas; or what the change throws
   */
  static boolean apply(
      Space space, long start, long end, boolean acrossHoles, UnaryOperator<VmaAttributes> change) {
    long at = start;
    boolean whole = true;
    try {
      while (at < end) {
        Vma vma = space.vmas.tree().lowerBound(at);
        if (vma == null || vma.start() > at) {
          whole = false;
          if (vma == null || vma.start() >= end || !acrossHoles) {
            return false;
          }
        }
        long stop = Math.min(vma.end(), end);
        changeOne(space, vma, start, end, change);
        at = stop;
      }
      return whole;
    } finally {
      space.vmas.mergeAround(start, at);
    }
  }

  private static void changeOne(
      Space space, Vma vma, long start, long end, UnaryOperator<VmaAttributes> change) {
    VmaAttributes old = vma.attributes();
    VmaAttributes changed = change.apply(old);
    if (changed.equals(old)) {
      return;
    }
    int splits = (vma.start() < start ? 1 : 0) + (vma.end() > end ? 1 : 0);
    if (splits > 0 && space.vmas.tree().size() + splits > space.limits.get().mapCount()) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    Vma isolated = space.vmas.isolate(vma, start, end);
    space.vmas.setAttributes(isolated, changed);
  }
}
