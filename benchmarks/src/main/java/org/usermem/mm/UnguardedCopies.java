package org.usermem.mm;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import org.jspecify.annotations.NullMarked;
import org.usermem.addr.Addr;
import org.usermem.benchmarks.mm.stress.Linger;
import org.usermem.mm.table.PageEntry;

/**
 * Copies of an address space as they would be without a guard: they look a page up in the table,
 * linger, and use what they found. For the controls of litmus tests; in this package because no
 * other can do what is so wrong.
 */
@NullMarked
public final class UnguardedCopies {

  private static final VarHandle INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private UnguardedCopies() {}

  /** Returns a byte, or -1 if the table does not know the page. */
  public static int load(MemoryManager memory, long addr) {
    OptionalLong offset = offset(memory, addr, PageEntry.READ);
    return offset.isEmpty()
        ? -1
        : memory.space().file.base().get(ValueLayout.JAVA_BYTE, offset.getAsLong());
  }

  /** Stores 64 bytes of a value if the table knows the page. */
  public static void store(MemoryManager memory, long addr, int value) {
    offset(memory, addr, PageEntry.WRITE)
        .ifPresent(offset -> memory.space().file.base().asSlice(offset, 64).fill((byte) value));
  }

  /**
   * Replaces a word if it is what is expected.
   *
   * @return whether the table knows the page
   */
  public static boolean compareAndExchange(
      MemoryManager memory, long addr, int expected, int value) {
    OptionalLong offset = offset(memory, addr, PageEntry.WRITE);
    offset.ifPresent(
        at -> {
          int _ = (int) INT.compareAndExchange(memory.space().file.base(), at, expected, value);
        });
    return offset.isPresent();
  }

  private static OptionalLong offset(MemoryManager memory, long addr, long needed) {
    long entry = memory.space().table.get(Addr.pageNumber(addr));
    Linger.on();
    return PageEntry.allows(entry, needed)
        ? OptionalLong.of(PageEntry.offset(entry) + Addr.pageOffset(addr))
        : OptionalLong.empty();
  }
}
