package org.usermem.io;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.struct.StructCodec;

/**
 * Copies of values of fixed layout: {@code CopyObjectIn} and {@code CopyObjectOut} of gVisor,
 * without reflection.
 *
 * <p>A value is copied whole or not at all, as far as the caller can tell; a partial copy is
 * EFAULT.
 */
public final class Structs {

  /** The most bytes that are copied at a time. */
  private static final int CHUNK = 4096;

  private Structs() {}

  /**
   * Copies a value in.
   *
   * @throws LinuxException EFAULT if not all of it can be read
   */
  public static <T> T copyIn(IO io, long addr, StructCodec<T> codec, IOOpts opts) {
    MemorySegment buffer = codec.newBuffer(1);
    io.copyInFully(addr, buffer, opts);
    return codec.decode(buffer, 0);
  }

  /**
   * Copies a value out.
   *
   * @throws LinuxException EFAULT if not all of it can be written
   */
  public static <T> void copyOut(IO io, long addr, T value, StructCodec<T> codec, IOOpts opts) {
    MemorySegment buffer = codec.newBuffer(1);
    codec.encode(value, buffer, 0);
    io.copyOutFully(addr, buffer, opts);
  }

  /**
   * Copies an array in.
   *
   * @param count the number of elements; a limit on it is up to the caller, but no memory is set
   *     aside for elements before they have been read
   * @throws LinuxException EFAULT if not all of it can be read
   */
  public static <T> List<T> copyArrayIn(
      IO io, long addr, int count, StructCodec<T> codec, IOOpts opts) {
    requireArray(addr, count, codec);
    int perChunk = perChunk(count, codec);
    MemorySegment buffer = codec.newBuffer(perChunk);
    List<T> values = new ArrayList<>();
    while (values.size() < count) {
      int n = Math.min(perChunk, count - values.size());
      MemorySegment chunk = buffer.asSlice(0, n * codec.byteCount());
      io.copyInFully(addr + values.size() * codec.byteCount(), chunk, opts);
      for (int i = 0; i < n; i++) {
        values.add(codec.decode(chunk, i * codec.byteCount()));
      }
    }
    return values;
  }

  /**
   * Copies an array out.
   *
   * @throws LinuxException EFAULT if not all of it can be written; elements before the fault may
   *     have been
   */
  public static <T> void copyArrayOut(
      IO io, long addr, List<T> values, StructCodec<T> codec, IOOpts opts) {
    requireArray(addr, values.size(), codec);
    int perChunk = perChunk(values.size(), codec);
    MemorySegment buffer = codec.newBuffer(perChunk);
    for (int done = 0; done < values.size(); done += perChunk) {
      int n = Math.min(perChunk, values.size() - done);
      for (int i = 0; i < n; i++) {
        codec.encode(values.get(done + i), buffer, i * codec.byteCount());
      }
      MemorySegment chunk = buffer.asSlice(0, n * codec.byteCount());
      io.copyOutFully(addr + done * codec.byteCount(), chunk, opts);
    }
  }

  private static int perChunk(int count, StructCodec<?> codec) {
    return (int) Math.min(count, Math.max(1, CHUNK / codec.byteCount()));
  }

  private static void requireArray(long addr, int count, StructCodec<?> codec) {
    if (count < 0) {
      throw new IllegalArgumentException("element count " + count + " is negative");
    }
    if (Addr.addOverflows(addr, count * codec.byteCount())) {
      throw LinuxException.of(Errno.EFAULT);
    }
  }
}
