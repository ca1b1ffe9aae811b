package org.usermem.mm.view;

import java.util.List;
import org.usermem.addr.AccessType;

/**
 * The files of /proc/PID that show memory, byte for byte as Linux 6.18 writes them: {@code
 * fs/proc/task_mmu.c}. One char is one byte.
 */
public final class ProcText {

  private static final int NAME_COLUMN = 25 + 6 * 8 - 1;
  private static final long PAGE = 4096;

  private ProcText() {}

  /** Returns /proc/PID/maps. */
  public static String maps(List<VmaView> areas) {
    StringBuilder text = new StringBuilder(areas.size() * 80);
    for (VmaView area : areas) {
      appendArea(text, area);
    }
    return text.toString();
  }

  /** {@code show_map_vma}. */
  private static void appendArea(StringBuilder text, VmaView area) {
    int lineStart = text.length();
    appendPrefix(
        text,
        area.start(),
        area.end(),
        letters(area.access(), area.isShared()),
        area.offset(),
        area.deviceId(),
        area.inodeId());
    if (!area.name().isEmpty()) {
      pad(text, lineStart);
      text.append(area.name().replace("\n", "\\012"));
    }
    text.append('\n');
  }

  private static String letters(AccessType access, boolean shared) {
    return access + (shared ? "s" : "p");
  }

  /** {@code show_vma_header_prefix}. */
  private static void appendPrefix(
      StringBuilder text,
      long start,
      long end,
      String letters,
      long offset,
      long deviceId,
      long inodeId) {
    appendHex(text, start, 8).append('-');
    appendHex(text, end, 8).append(' ').append(letters).append(' ');
    appendHex(text, offset, 8).append(' ');
    appendHex(text, major(deviceId), 2).append(':');
    appendHex(text, minor(deviceId), 2).append(' ');
    text.append(Long.toUnsignedString(inodeId)).append(' ');
  }

  /** {@code seq_pad}: up to the column, and one blank more. */
  private static void pad(StringBuilder text, int lineStart) {
    while (text.length() - lineStart < NAME_COLUMN) {
      text.append(' ');
    }
    text.append(' ');
  }

  private static StringBuilder appendHex(StringBuilder text, long value, int width) {
    String digits = Long.toHexString(value);
    return text.append("0".repeat(Math.max(width - digits.length(), 0))).append(digits);
  }

  private static long major(long deviceId) {
    return (deviceId >>> 8 & 0xfff) | (deviceId >>> 32 & ~0xfffL);
  }

  private static long minor(long deviceId) {
    return (deviceId & 0xff) | (deviceId >>> 12 & ~0xffL);
  }

  /** Returns /proc/PID/smaps. */
  public static String smaps(List<VmaView> areas) {
    StringBuilder text = new StringBuilder(areas.size() * 800);
    for (VmaView area : areas) {
      appendArea(text, area);
      kilobytes(text, "Size:           ", area.byteCount());
      kilobytes(text, "KernelPageSize: ", PAGE);
      kilobytes(text, "MMUPageSize:    ", PAGE);
      long locked = area.isLocked() ? area.residency().proportional() : 0;
      appendResidency(text, area.residency(), locked, false);
      text.append("THPeligible:           0\n");
      text.append("VmFlags: ").append(area.flags()).append('\n');
    }
    return text.toString();
  }

  /** Returns /proc/PID/smaps_rollup. */
  public static String smapsRollup(List<VmaView> areas) {
    if (areas.isEmpty()) {
      return "";
    }
    Residency sum = Residency.NONE;
    long locked = 0;
    for (VmaView area : areas) {
      sum = sum.plus(area.residency());
      locked += area.isLocked() ? area.residency().proportional() : 0;
    }
    StringBuilder text = new StringBuilder(1000);
    appendPrefix(text, areas.getFirst().start(), areas.getLast().end(), "---p", 0, 0, 0);
    pad(text, 0);
    text.append("[rollup]\n");
    appendResidency(text, sum, locked, true);
    return text.toString();
  }

  /** {@code __show_smap}. */
  private static void appendResidency(
      StringBuilder text, Residency r, long lockedProportional, boolean rollup) {
    long sharedDirty = r.sharedAnonymous();
    long sharedClean = r.sharedFile();
    kilobytes(text, "Rss:            ", r.total());
    kilobytes(text, "Pss:            ", r.proportional() >> 12);
    kilobytes(text, "Pss_Dirty:      ", r.proportionalAnonymous() >> 12);
    if (rollup) {
      long sharedMemory = r.proportional() - r.proportionalAnonymous() - r.proportionalFile();
      kilobytes(text, "Pss_Anon:       ", r.proportionalAnonymous() >> 12);
      kilobytes(text, "Pss_File:       ", r.proportionalFile() >> 12);
      kilobytes(text, "Pss_Shmem:      ", sharedMemory >> 12);
    }
    kilobytes(text, "Shared_Clean:   ", sharedClean);
    kilobytes(text, "Shared_Dirty:   ", sharedDirty);
    kilobytes(text, "Private_Clean:  ", r.file() + r.sharedMemory() - sharedClean);
    kilobytes(text, "Private_Dirty:  ", r.anonymous() - sharedDirty);
    kilobytes(text, "Referenced:     ", r.total());
    kilobytes(text, "Anonymous:      ", r.anonymous());
    kilobytes(text, "KSM:            ", 0);
    kilobytes(text, "LazyFree:       ", 0);
    kilobytes(text, "AnonHugePages:  ", 0);
    kilobytes(text, "ShmemPmdMapped: ", 0);
    kilobytes(text, "FilePmdMapped:  ", 0);
    kilobytes(text, "Shared_Hugetlb: ", 0);
    kilobytes(text, "Private_Hugetlb:", 0);
    kilobytes(text, "Swap:           ", 0);
    kilobytes(text, "SwapPss:        ", 0);
    kilobytes(text, "Locked:         ", lockedProportional >> 12);
  }

  private static void kilobytes(StringBuilder text, String label, long byteCount) {
    text.append(label);
    right(text, byteCount >> 10).append(" kB\n");
  }

  private static StringBuilder right(StringBuilder text, long number) {
    String digits = Long.toString(number);
    return text.append(" ".repeat(Math.max(8 - digits.length(), 0))).append(digits);
  }

  /** Returns /proc/PID/statm. */
  public static String statm(MemoryTotals totals) {
    return totals.virtual() / PAGE
        + " "
        + totals.resident() / PAGE
        + " "
        + (totals.residentFile() + totals.residentSharedMemory()) / PAGE
        + " "
        + totals.code() / PAGE
        + " 0 "
        + (totals.data() + totals.stack()) / PAGE
        + " 0\n";
  }

  /** Returns the lines of /proc/PID/status that say how much memory is used: {@code task_mem}. */
  public static String status(MemoryTotals totals) {
    StringBuilder text = new StringBuilder(400);
    kilobytes(text, "VmPeak:\t", totals.virtualPeak());
    kilobytes(text, "VmSize:\t", totals.virtual());
    kilobytes(text, "VmLck:\t", totals.locked());
    kilobytes(text, "VmPin:\t", 0);
    kilobytes(text, "VmHWM:\t", totals.residentPeak());
    kilobytes(text, "VmRSS:\t", totals.resident());
    kilobytes(text, "RssAnon:\t", totals.residentAnonymous());
    kilobytes(text, "RssFile:\t", totals.residentFile());
    kilobytes(text, "RssShmem:\t", totals.residentSharedMemory());
    kilobytes(text, "VmData:\t", totals.data());
    kilobytes(text, "VmStk:\t", totals.stack());
    kilobytes(text, "VmExe:\t", totals.code());
    kilobytes(text, "VmLib:\t", totals.libraries());
    kilobytes(text, "VmPTE:\t", totals.pageTables());
    kilobytes(text, "VmSwap:\t", 0);
    return text.toString();
  }
}
