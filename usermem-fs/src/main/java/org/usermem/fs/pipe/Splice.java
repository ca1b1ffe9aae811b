package org.usermem.fs.pipe;

import java.lang.foreign.MemorySegment;
import org.usermem.addr.Addr;
import org.usermem.block.BlockSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.event.Readiness;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * Moves bytes between pipes and files without passing through a program: splice(2) and tee(2).
 *
 * <p>Bytes leave the side they come from only when the other side has taken them. Nothing waits:
 * EAGAIN says that one of the two sides is not ready.
 */
public final class Splice {

  /** The offset that means the position of the file. */
  public static final long AT_POSITION = -1;

  private Splice() {}

  /**
   * Moves bytes from a file into a pipe.
   *
   * @param from a file that is no pipe
   * @param offset where to read, or {@link #AT_POSITION}
   * @param to the end of a pipe to write to
   * @param byteCount the most that is moved, not negative
   * @return the number of bytes moved; 0 at the end of the file
   * @throws LinuxException EAGAIN, EPIPE, and what the file says; nothing was moved
   */
  public static long fromFile(
      FileDescription from, long offset, PipeDescription to, long byteCount) {
    requireWritable(to);
    if (byteCount == 0) {
      return 0;
    }
    PipeBuffer pipe = to.buffer();
    long moved;
    pipe.lock.lock();
    try {
      pipe.requireBufferLocked();
      moved = fill(pipe, from, offset, byteCount);
      pipe.movedLocked();
    } finally {
      pipe.lock.unlock();
    }
    if (moved > 0) {
      pipe.queue.notify(Readiness.READABLE);
    }
    return moved;
  }

  private static long fill(PipeBuffer pipe, FileDescription from, long offset, long byteCount) {
    PipeRing ring = pipe.ring;
    long wanted = Math.min(byteCount, (long) pipe.roomLocked() * PipeRing.PAGE);
    ring.reserve(buffersFor(wanted));
    long moved = 0;
    while (moved < wanted) {
      MemorySegment place = ring.vacant(buffersFor(wanted - moved));
      long run = Math.min(wanted - moved, place.byteSize());
      Sink sink = Sink.of(place.asSlice(0, run));
      long count;
      try {
        count =
            offset == AT_POSITION
                ? from.read(sink)
                : from.readAt(sink, offset + moved, TransferOptions.DEFAULT);
      } catch (LinuxException e) {
        if (moved == 0) {
          throw e;
        }
        return moved;
      }
      ring.pushInPlace(count);
      moved += count;
      if (count < run) {
        return moved;
      }
    }
    return moved;
  }

  private static int buffersFor(long byteCount) {
    return (int) (Addr.pageRoundUp(byteCount) / PipeRing.PAGE);
  }

  /**
   * Moves bytes from a pipe into a file.
   *
   * @param from the end of a pipe to read from
   * @param to a file that is no pipe
   * @param offset where to write, or {@link #AT_POSITION}
   * @param byteCount the most that is moved, not negative
   * @param options limits of the call
   * @return the number of bytes moved; 0 if the pipe is empty and nobody writes to it
   * @throws LinuxException EAGAIN, and what the file says; nothing was moved
   */
  public static long toFile(
      PipeDescription from,
      FileDescription to,
      long offset,
      long byteCount,
      TransferOptions options) {
    requireReadable(from);
    if (byteCount == 0) {
      return 0;
    }
    PipeBuffer pipe = from.buffer();
    long moved;
    pipe.lock.lock();
    try {
      if (!pipe.requireBytes()) {
        return 0;
      }
      moved = drain(pipe, to, offset, byteCount, options);
      pipe.movedLocked();
    } finally {
      pipe.lock.unlock();
    }
    pipe.queue.notify(Readiness.WRITABLE);
    return moved;
  }

  private static long drain(
      PipeBuffer pipe, FileDescription to, long offset, long wanted, TransferOptions options) {
    PipeRing ring = pipe.ring;
    long moved = 0;
    while (moved < wanted && ring.bufferCount() > 0) {
      MemorySegment piece = ring.oldest(wanted - moved);
      long count;
      try {
        count =
            offset == AT_POSITION
                ? to.write(Source.of(piece), options)
                : to.writeAt(Source.of(piece), offset + moved, options);
      } catch (LinuxException e) {
        if (moved == 0) {
          throw e;
        }
        return moved;
      }
      ring.consume(count);
      moved += count;
      if (count < piece.byteSize()) {
        return moved;
      }
    }
    return moved;
  }

  /**
   * Moves bytes from one pipe into another.
   *
   * @param from the end of a pipe to read from
   * @param to the end of another pipe to write to
   * @param byteCount the most that is moved, not negative
   * @return the number of bytes moved; 0 if the first pipe is empty and nobody writes to it
   * @throws LinuxException EINVAL if both are one pipe; EAGAIN, EPIPE
   */
  public static long betweenPipes(PipeDescription from, PipeDescription to, long byteCount) {
    return transfer(from, to, byteCount, true);
  }

  /** Copies bytes from one pipe into another and leaves them in the first, as tee(2). */
  public static long tee(PipeDescription from, PipeDescription to, long byteCount) {
    return transfer(from, to, byteCount, false);
  }

  private static long transfer(
      PipeDescription from, PipeDescription to, long byteCount, boolean consumes) {
    requireReadable(from);
    requireWritable(to);
    PipeBuffer source = from.buffer();
    PipeBuffer target = to.buffer();
    if (source == target) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (byteCount == 0) {
      return 0;
    }
    // Any order does, as long as it is the same for the same two pipes.
    boolean sourceFirst =
        from.deviceId() == to.deviceId()
            ? from.inodeId() < to.inodeId()
            : from.deviceId() < to.deviceId();
    PipeBuffer first = sourceFirst ? source : target;
    PipeBuffer second = sourceFirst ? target : source;
    long moved;
    first.lock.lock();
    second.lock.lock();
    try {
      if (!source.requireBytes()) {
        return 0;
      }
      target.requireBufferLocked();
      target.ring.reserve(Math.min(target.roomLocked(), source.ring.bufferCount()));
      moved =
          consumes
              ? move(source.ring, target, byteCount)
              : duplicate(source.ring, target, byteCount);
      source.movedLocked();
      target.movedLocked();
    } finally {
      second.lock.unlock();
      first.lock.unlock();
    }
    target.queue.notify(Readiness.READABLE);
    if (consumes) {
      source.queue.notify(Readiness.WRITABLE);
    }
    return moved;
  }

  private static long move(PipeRing source, PipeBuffer target, long wanted) {
    long moved = 0;
    while (moved < wanted && source.bufferCount() > 0 && target.roomLocked() > 0) {
      int length = source.lengthOf(0);
      int count = (int) Math.min(length, wanted - moved);
      // Only a buffer that moves whole may be added to where it arrives.
      byte marks = source.marksOf(0);
      push(target, source, 0, count, count < length ? withoutMerging(marks) : marks);
      source.consume(count);
      moved += count;
    }
    return moved;
  }

  private static long duplicate(PipeRing source, PipeBuffer target, long wanted) {
    long moved = 0;
    for (int buffer = 0;
        moved < wanted && buffer < source.bufferCount() && target.roomLocked() > 0;
        buffer++) {
      int count = (int) Math.min(source.lengthOf(buffer), wanted - moved);
      push(target, source, buffer, count, withoutMerging(source.marksOf(buffer)));
      moved += count;
    }
    return moved;
  }

  private static void push(PipeBuffer target, PipeRing source, int buffer, int count, byte marks) {
    target.ring.push(BlockSeq.of(source.bytesOf(buffer)), count, marks);
  }

  private static byte withoutMerging(byte marks) {
    return (byte) (marks & ~PipeRing.MERGES);
  }

  private static void requireReadable(FileDescription description) {
    if (!description.isReadable()) {
      throw LinuxException.of(Errno.EBADF);
    }
  }

  private static void requireWritable(FileDescription description) {
    if (!description.isWritable()) {
      throw LinuxException.of(Errno.EBADF);
    }
  }
}
