package org.usermem.linux.tty;

import org.jspecify.annotations.Nullable;

/**
 * What was typed while the line discipline had no room: the buffer between the two sides of a
 * terminal (drivers/tty/tty_buffer.c). Not thread-safe.
 */
final class TypedAhead {
  private static final int CAPACITY = 16384;

  /** Made when it is needed: most terminals are read faster than anybody types. */
  private @Nullable ByteQueue bytes;

  /** Returns how many more bytes may be typed. */
  int room() {
    return bytes == null ? CAPACITY : bytes.room();
  }

  /** Appends a byte; there must be room. */
  void add(byte b) {
    if (bytes == null) {
      bytes = new ByteQueue(CAPACITY);
    }
    bytes.add(b);
  }

  /** Gives a line discipline what it takes. */
  void drainInto(LineDiscipline discipline) {
    ByteQueue queue = bytes;
    while (queue != null && queue.size() > 0 && discipline.acceptsInput()) {
      byte next = queue.get(0);
      queue.drop(1);
      discipline.type(next);
    }
  }
}
