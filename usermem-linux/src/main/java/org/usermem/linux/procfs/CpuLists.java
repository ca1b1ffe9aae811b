package org.usermem.linux.procfs;

import java.util.BitSet;

/** Sets of processors in the two forms that /proc and /sys have (cpuset(7)). */
public final class CpuLists {
  private CpuLists() {}

  /** Returns a list of ranges such as {@code 0-3,6}. */
  public static String list(BitSet set) {
    StringBuilder text = new StringBuilder();
    for (int start = set.nextSetBit(0); start >= 0; ) {
      int end = set.nextClearBit(start);
      text.append(text.isEmpty() ? "" : ",").append(start);
      if (end > start + 1) {
        text.append('-').append(end - 1);
      }
      start = set.nextSetBit(end);
    }
    return text.toString();
  }

  /** Returns a mask in hexadecimal, with a comma between words of 32 bits. */
  public static String mask(BitSet set) {
    int words = Math.max(1, (set.length() + 31) / 32);
    StringBuilder text = new StringBuilder();
    for (int word = words - 1; word >= 0; word--) {
      int bits = 0;
      for (int i = 0; i < 32; i++) {
        bits |= set.get(word * 32 + i) ? 1 << i : 0;
      }
      text.append(text.isEmpty() ? Integer.toHexString(bits) : String.format(",%08x", bits));
    }
    return text.toString();
  }
}
