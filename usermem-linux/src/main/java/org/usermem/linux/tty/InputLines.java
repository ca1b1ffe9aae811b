package org.usermem.linux.tty;

import java.util.ArrayDeque;

/**
 * What has been typed and not been read: finished lines, and behind them the line that is being
 * edited. Without canonical mode every byte counts as finished at once. Not thread-safe.
 */
final class InputLines {
  /** N_TTY_BUF_SIZE. */
  static final int CAPACITY = 4096;

  private final ByteQueue bytes = new ByteQueue(CAPACITY);
  private final ArrayDeque<Integer> lineLengths = new ArrayDeque<>();
  private int finished;

  /** Bytes of the line that is being edited. */
  int editedLength() {
    return bytes.size() - finished;
  }

  /** Whether another byte fits; in canonical mode one place is kept for the end of the line. */
  boolean hasRoom(boolean canonical) {
    return bytes.room() > (canonical ? 1 : 0);
  }

  void append(byte b) {
    bytes.add(b);
  }

  /** Takes back the last byte of the line being edited. */
  byte eraseLast() {
    return bytes.removeLast();
  }

  /** The byte of the line being edited at an index. */
  byte edited(int index) {
    return bytes.get(finished + index);
  }

  /** Makes the line being edited readable; an empty one reads as end of file. */
  void finishLine() {
    lineLengths.add(editedLength());
    finished = bytes.size();
  }

  /** Makes all bytes readable, as one line. */
  void finishEverything() {
    lineLengths.clear();
    finished = 0;
    if (bytes.size() > 0) {
      finishLine();
    }
  }

  /** Number of bytes that a read may get at once: of one line, or all. */
  int readable(boolean canonical) {
    if (!canonical) {
      return bytes.size();
    }
    return lineLengths.isEmpty() ? 0 : lineLengths.peekFirst();
  }

  boolean hasLine() {
    return !lineLengths.isEmpty();
  }

  /** All bytes of finished lines, or all bytes (FIONREAD). */
  int available(boolean canonical) {
    return canonical ? finished : bytes.size();
  }

  int peek(byte[] destination, int maximum) {
    return bytes.peek(destination, maximum);
  }

  /** Takes bytes that were read; an emptied line is gone. */
  void consume(int count, boolean canonical) {
    bytes.drop(count);
    if (!canonical) {
      lineLengths.clear();
      finished = 0;
      return;
    }
    finished -= count;
    int rest = lineLengths.removeFirst() - count;
    if (rest > 0) {
      lineLengths.addFirst(rest);
    }
  }

  void clear() {
    bytes.clear();
    lineLengths.clear();
    finished = 0;
  }
}
