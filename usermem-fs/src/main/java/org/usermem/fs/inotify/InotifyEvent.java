package org.usermem.fs.inotify;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * An event as it is read.
 *
 * @param watch the number of the watch; -1 for none
 * @param mask what happened
 * @param cookie what the halves of a rename have in common
 * @param name the entry concerned; empty if the watched inode itself is
 */
record InotifyEvent(int watch, int mask, int cookie, String name) {

  private static final int HEADER_BYTE_COUNT = 16;

  private int nameByteCount() {
    // With at least one zero, and to a multiple of the header's size.
    return name.isEmpty()
        ? 0
        : (name.length() + HEADER_BYTE_COUNT) / HEADER_BYTE_COUNT * HEADER_BYTE_COUNT;
  }

  int byteCount() {
    return HEADER_BYTE_COUNT + nameByteCount();
  }

  MemorySegment bytes() {
    byte[] bytes = new byte[byteCount()];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    segment.set(ValueLayout.JAVA_INT_UNALIGNED, 0, watch);
    segment.set(ValueLayout.JAVA_INT_UNALIGNED, 4, mask);
    segment.set(ValueLayout.JAVA_INT_UNALIGNED, 8, cookie);
    segment.set(ValueLayout.JAVA_INT_UNALIGNED, 12, nameByteCount());
    byte[] nameBytes = name.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(nameBytes, 0, bytes, HEADER_BYTE_COUNT, nameBytes.length);
    return segment;
  }
}
