package org.usermem.platform.systrap;

import java.lang.foreign.MemorySegment;
import org.usermem.addr.Addr;
import org.usermem.memmap.FileRange;
import org.usermem.platform.stub.StubLayout;

/**
 * The memory that the sentry and a guest thread share: a control page and an alternate stack.
 *
 * @param index the number of the slot in its address space
 * @param range where it is in the memory file
 * @param memory what the sentry sees
 */
record Slot(int index, FileRange range, MemorySegment memory) {

  /** Number of bytes of a slot: the stack has room for two of the largest frames there are. */
  static final long BYTE_COUNT = 32 << 10;

  /** Number of bytes of the alternate stack. */
  static final long STACK_BYTES = BYTE_COUNT - Addr.PAGE_SIZE;

  /** Returns where the stub sees the slot. */
  long address() {
    return StubLayout.SLOTS + index * StubLayout.SLOT_STRIDE;
  }

  /** Returns where the stub sees the lowest byte of the alternate stack. */
  long stackAddress() {
    return address() + Addr.PAGE_SIZE;
  }

  /** Returns the control page. */
  MemorySegment controlPage() {
    return memory.asSlice(0, Addr.PAGE_SIZE);
  }
}
