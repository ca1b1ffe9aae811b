package org.usermem.linux.tty;

/**
 * A bounded first-in first-out queue of bytes, from whose end bytes can be taken back. Not
 * thread-safe.
 */
final class ByteQueue {
  private final byte[] ring;
  private int head;
  private int size;

  ByteQueue(int capacity) {
    ring = new byte[capacity];
  }

  int size() {
    return size;
  }

  int room() {
    return ring.length - size;
  }

  /** Appends a byte; the queue must have room. */
  void add(byte b) {
    ring[(head + size) % ring.length] = b;
    size++;
  }

  /** The byte at a distance from the head. */
  byte get(int index) {
    return ring[(head + index) % ring.length];
  }

  /** Takes the last byte back; the queue must not be empty. */
  byte removeLast() {
    size--;
    return ring[(head + size) % ring.length];
  }

  /** Copies the first bytes without taking them; returns their number. */
  int peek(byte[] destination, int maximum) {
    int count = Math.min(Math.min(maximum, size), destination.length);
    int first = Math.min(count, ring.length - head);
    System.arraycopy(ring, head, destination, 0, first);
    System.arraycopy(ring, 0, destination, first, count - first);
    return count;
  }

  /** Takes the first bytes away. */
  void drop(int count) {
    head = (head + count) % ring.length;
    size -= count;
  }

  void clear() {
    head = 0;
    size = 0;
  }
}
