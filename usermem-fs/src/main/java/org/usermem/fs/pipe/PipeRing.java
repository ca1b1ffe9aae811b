package org.usermem.fs.pipe;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.usermem.block.BlockSeq;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MemoryFile;
import org.usermem.memmap.MemoryKind;

/**
 * The bytes of a pipe, oldest first, in a ring of a power of two of bytes. Guarded by the lock of
 * its {@link PipeBuffer}.
 */
final class PipeRing {

  private static final int FIRST_BYTE_SIZE = 4096;

  /** A packet: it is read alone, and what does not fit is lost. */
  private record Packet(long start, long end) {}

  private final MemoryFile memoryFile;
  private @Nullable FileRange storage;
  private MemorySegment bytes = MemorySegment.NULL;
  private int byteSize;

  // Positions that only grow; the index in the ring is the position modulo its size.
  private long tail; // oldest byte
  private long head; // after the newest

  private ArrayDeque<Packet> packets = new ArrayDeque<>(0);

  PipeRing(MemoryFile memoryFile) {
    this.memoryFile = memoryFile;
  }

  int used() {
    return (int) (head - tail);
  }

  private long index(long position) {
    return position & (byteSize - 1);
  }

  /**
   * Makes room for more bytes.
   *
   * @throws org.usermem.errno.LinuxException ENOMEM
   */
  void reserve(int byteCount) {
    int needed = used() + byteCount;
    if (needed > byteSize) {
      growSlow(Integer.highestOneBit(Math.max(needed, FIRST_BYTE_SIZE) * 2 - 1));
    }
  }

  private void growSlow(int newByteSize) {
    FileRange newStorage = memoryFile.allocate(newByteSize, MemoryKind.SYSTEM);
    MemorySegment newBytes = memoryFile.segment(newStorage);
    int count = used();
    peek(BlockSeq.of(newBytes, 0, count));
    free();
    storage = newStorage;
    bytes = newBytes;
    byteSize = newByteSize;
    // The oldest byte is at index 0 now, so positions, those of packets too, start over from there.
    ArrayDeque<Packet> rebased = new ArrayDeque<>(packets.size());
    for (Packet packet : packets) {
      rebased.addLast(new Packet(packet.start() - tail, packet.end() - tail));
    }
    packets = rebased;
    tail = 0;
    head = count;
  }

  /** Drops all bytes and gives the memory back. */
  void clear() {
    packets.clear();
    tail = 0;
    head = 0;
    free();
  }

  private void free() {
    if (storage != null) {
      memoryFile.decRef(storage);
      storage = null;
      bytes = MemorySegment.NULL;
      byteSize = 0;
    }
  }

  /** Appends bytes for which there is room. */
  void append(BlockSeq src) {
    BlockSeq rest = src;
    long left = src.numBytes();
    while (left > 0) {
      int run = writableRun(left);
      rest.copyTo(bytes, index(head), run);
      head += run;
      left -= run;
      if (left > 0) {
        rest = rest.dropFirst(run);
      }
    }
  }

  /** Marks the newest bytes as a packet. */
  void closePacket(int byteCount) {
    packets.addLast(new Packet(head - byteCount, head));
  }

  /** Returns how many bytes can be appended in one piece, at most as many as are given. */
  int writableRun(long limit) {
    return (int) Math.min(limit, Math.min(byteSize - used(), byteSize - index(head)));
  }

  /** Returns the place where the next bytes go, of at most {@link #writableRun} bytes. */
  MemorySegment writablePiece(int byteCount) {
    return bytes.asSlice(index(head), byteCount);
  }

  /** Takes bytes that were written in place as appended. */
  void advanceHead(long byteCount) {
    head += byteCount;
  }

  /** Returns how many bytes a read may take: a packet is read alone. */
  int readable() {
    Packet packet = packets.peekFirst();
    if (packet == null) {
      return used();
    }
    return (int) ((packet.start() > tail ? packet.start() : packet.end()) - tail);
  }

  /** Returns the oldest bytes that lie in one piece, at most as many as are given. */
  MemorySegment readablePiece(long limit) {
    long start = index(tail);
    return bytes.asSlice(start, Math.min(Math.min(limit, readable()), byteSize - start));
  }

  /** Copies the oldest bytes and leaves them. */
  int peek(BlockSeq dst) {
    int count = (int) Math.min(dst.numBytes(), used());
    if (count == 0) {
      return 0;
    }
    int first = (int) Math.min(count, byteSize - index(tail));
    dst.copyFrom(bytes, index(tail), first);
    if (first < count) {
      dst.dropFirst(first).copyFrom(bytes, 0, count - first);
    }
    return count;
  }

  /** Moves the oldest bytes out, at most one packet; what of it does not fit is lost. */
  int take(BlockSeq dst) {
    int readable = readable();
    int count = peek(dst.numBytes() > readable ? dst.takeFirst(readable) : dst);
    consume(count);
    return count;
  }

  /** Drops the oldest bytes, and the rest of a packet that they are part of. */
  void consume(long byteCount) {
    tail += byteCount;
    Packet packet = packets.peekFirst();
    if (packet != null && tail > packet.start()) {
      tail = packet.end();
      packets.removeFirst();
    }
    if (tail == head) {
      // Starting over keeps a pipe that is emptied each time in its first page.
      tail = 0;
      head = 0;
    }
  }
}
