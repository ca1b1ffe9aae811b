package org.usermem.struct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.junit.jupiter.api.Test;

class CLayoutTest {

  /** {@code struct epoll_event} has no padding on x86-64, {@code struct stat} some. */
  private static final StructLayout MIXED =
      CLayout.struct(
          CLayout.CHAR.withName("c"),
          CLayout.SHORT.withName("s"),
          CLayout.CHAR.withName("d"),
          CLayout.LONG.withName("l"),
          CLayout.INT.withName("i"));

  @Test
  void membersArePaddedToTheirAlignmentAndTheWholeToTheGreatest() {
    assertEquals(0, CLayout.offsetOf(MIXED, "c"));
    assertEquals(2, CLayout.offsetOf(MIXED, "s"));
    assertEquals(4, CLayout.offsetOf(MIXED, "d"));
    assertEquals(8, CLayout.offsetOf(MIXED, "l"));
    assertEquals(16, CLayout.offsetOf(MIXED, "i"));
    assertEquals(24, MIXED.byteSize());
    assertEquals(8, MIXED.byteAlignment());
  }

  @Test
  void packedStructsHaveNoPadding() {
    StructLayout epollEvent =
        CLayout.packed(CLayout.INT.withName("events"), CLayout.LONG.withName("data"));
    assertEquals(12, epollEvent.byteSize());
    assertEquals(4, CLayout.offsetOf(epollEvent, "data"));
    MemorySegment memory = MemorySegment.ofArray(new byte[13]);
    CLayout.field(epollEvent, "data").set(memory, 1L, 0x0807060504030201L);
    assertEquals(5, memory.get(ValueLayout.JAVA_BYTE, 9));
  }

  @Test
  void fieldsAreLittleEndianAtTheOffsetOfTheirStruct() {
    MemorySegment memory = MemorySegment.ofArray(new long[6]);
    VarHandle field = CLayout.field(MIXED, "i");
    field.set(memory, 24L, 0x04030201);
    assertEquals(1, memory.get(ValueLayout.JAVA_BYTE, 40));
    assertEquals(4, memory.get(ValueLayout.JAVA_BYTE, 43));
    assertEquals(0x04030201, (int) field.get(memory, 24L));
  }

  @Test
  void structsAndArraysNest() {
    StructLayout outer =
        CLayout.struct(
            CLayout.INT.withName("first"),
            MIXED.withName("mixed"),
            CLayout.array(3, CLayout.SHORT).withName("shorts"));
    assertEquals(8 + 16, CLayout.offsetOf(outer, "mixed", "i"));
    assertEquals(32, CLayout.offsetOf(outer, "shorts"));
    assertEquals(40, outer.byteSize());
    MemorySegment memory = MemorySegment.ofArray(new long[5]);
    CLayout.elements(outer, "shorts").set(memory, 0L, 2L, (short) 7);
    assertEquals(7, memory.get(ValueLayout.JAVA_BYTE, 36));
    assertThrows(IllegalArgumentException.class, () -> CLayout.field(outer, "other"));
  }

  @Test
  void aBufferHoldsItsValuesAndIsZero() {
    StructCodec<PollFd> codec = PollFd.CODEC;
    assertEquals(8, codec.byteCount());
    MemorySegment buffer = codec.newBuffer(3);
    assertEquals(24, buffer.byteSize());
    assertEquals(8, buffer.maxByteAlignment());
    assertEquals(new PollFd(0, (short) 0, (short) 0), codec.decode(buffer, 16));
    assertEquals(0, codec.newBuffer(0).byteSize());
    assertThrows(ArithmeticException.class, () -> ODD.newBuffer(Integer.MAX_VALUE));
    assertEquals(1L << 20, ODD.newBuffer(1).byteSize());
  }

  private static final StructCodec<Object> ODD =
      new StructCodec<>() {
        @Override
        public MemoryLayout layout() {
          return CLayout.array(1L << 20, CLayout.CHAR);
        }

        @Override
        public Object decode(MemorySegment memory, long offset) {
          return memory;
        }

        @Override
        public void encode(Object value, MemorySegment memory, long offset) {}
      };
}
