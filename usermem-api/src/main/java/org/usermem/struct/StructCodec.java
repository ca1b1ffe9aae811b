package org.usermem.struct;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;

/**
 * How values of a type lie in memory: a layout, and access to its fields through {@code VarHandle}s
 * that are constants of the implementing class.
 *
 * <pre>{@code
 * enum TimespecCodec implements StructCodec<Timespec> {
 *   INSTANCE;
 *   private static final StructLayout LAYOUT =
 *       CLayout.struct(CLayout.LONG.withName("tv_sec"), CLayout.LONG.withName("tv_nsec"));
 *   private static final VarHandle SECONDS = CLayout.field(LAYOUT, "tv_sec");
 *   private static final VarHandle NANOSECONDS = CLayout.field(LAYOUT, "tv_nsec");
 *   ...
 *   public Timespec decode(MemorySegment memory, long offset) {
 *     return new Timespec(
 *         (long) SECONDS.get(memory, offset), (long) NANOSECONDS.get(memory, offset));
 *   }
 * }
 * }</pre>
 *
 * <p>Thread safety: implementations have no state.
 *
 * @param <T> the type of the values
 */
public interface StructCodec<T> {

  /** Returns the layout, of at most 8 bytes' alignment. */
  MemoryLayout layout();

  /**
   * Makes a value of the bytes at an offset.
   *
   * @param memory aligned to 8 bytes, at least as long as offset and layout say
   * @param offset a multiple of the alignment of the layout
   */
  T decode(MemorySegment memory, long offset);

  /**
   * Writes a value at an offset. Padding is left as it is; {@link #newBuffer} has zeroes there, so
   * nothing of the sentry gets out through it.
   *
   * @param memory aligned to 8 bytes, at least as long as offset and layout say
   * @param offset a multiple of the alignment of the layout
   */
  void encode(T value, MemorySegment memory, long offset);

  /** Returns the number of bytes of a value. */
  default long byteCount() {
    return layout().byteSize();
  }

  /** Returns new memory for some values, of zeroes. */
  default MemorySegment newBuffer(int count) {
    long byteCount = Math.multiplyExact(byteCount(), count);
    int words = Math.toIntExact((byteCount + Long.BYTES - 1) / Long.BYTES);
    return MemorySegment.ofArray(new long[words]).asSlice(0, byteCount);
  }
}
