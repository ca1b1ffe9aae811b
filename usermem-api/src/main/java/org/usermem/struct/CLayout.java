package org.usermem.struct;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Layouts of the types of C as Linux on x86-64 has them: little-endian, each aligned to its size,
 * structs padded by the rules of the System V ABI (section 3.1.2).
 *
 * <p>Signedness is in the Java type that reads a field, not in the layout.
 */
public final class CLayout {

  /** {@code char}, {@code __u8}. */
  public static final ValueLayout.OfByte CHAR = ValueLayout.JAVA_BYTE;

  /** {@code short}, {@code __u16}. */
  public static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** {@code int}, {@code __u32}. */
  public static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** {@code long}, {@code size_t}, {@code __u64}. */
  public static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** A pointer of a program: an address, never dereferenced here. */
  public static final ValueLayout.OfLong POINTER = LONG;

  private CLayout() {}

  /**
   * Returns a struct of some members, with the padding between and after them that C puts there.
   */
  public static StructLayout struct(MemoryLayout... members) {
    List<MemoryLayout> padded = new ArrayList<>();
    long offset = 0;
    long alignment = 1;
    for (MemoryLayout member : members) {
      offset += pad(padded, offset, member.byteAlignment());
      padded.add(member);
      offset += member.byteSize();
      alignment = Math.max(alignment, member.byteAlignment());
    }
    pad(padded, offset, alignment);
    return MemoryLayout.structLayout(padded.toArray(MemoryLayout[]::new));
  }

  private static long pad(List<MemoryLayout> members, long offset, long alignment) {
    long byteCount = -offset & (alignment - 1);
    if (byteCount != 0) {
      members.add(MemoryLayout.paddingLayout(byteCount));
    }
    return byteCount;
  }

  /** Returns a struct without padding, {@code __attribute__((packed))}. */
  public static StructLayout packed(MemoryLayout... members) {
    MemoryLayout[] unaligned = new MemoryLayout[members.length];
    for (int i = 0; i < members.length; i++) {
      unaligned[i] = members[i].withByteAlignment(1);
    }
    return MemoryLayout.structLayout(unaligned);
  }

  /** Returns an array as a member of a struct. */
  public static SequenceLayout array(long elementCount, MemoryLayout element) {
    return MemoryLayout.sequenceLayout(elementCount, element);
  }

  /**
   * Returns the handle of a field of plain type. Its coordinates are the memory and the offset of
   * the struct in it.
   *
   * @param names the name of the field; of a field of a member, the names on the way to it
   * @throws IllegalArgumentException if there is no such field
   */
  public static VarHandle field(MemoryLayout struct, String... names) {
    return struct.varHandle(path(names));
  }

  /**
   * Returns the handle of the elements of an array in a struct. Its coordinates are the memory, the
   * offset of the struct in it and the index of the element.
   *
   * @throws IllegalArgumentException if there is no such field
   */
  public static VarHandle elements(MemoryLayout struct, String name) {
    return struct.varHandle(PathElement.groupElement(name), PathElement.sequenceElement());
  }

  /**
   * Returns the offset of a field in its struct, in bytes.
   *
   * @throws IllegalArgumentException if there is no such field
   */
  public static long offsetOf(MemoryLayout struct, String... names) {
    return struct.byteOffset(path(names));
  }

  private static PathElement[] path(String... names) {
    PathElement[] path = new PathElement[names.length];
    for (int i = 0; i < names.length; i++) {
      path[i] = PathElement.groupElement(names[i]);
    }
    return path;
  }
}
