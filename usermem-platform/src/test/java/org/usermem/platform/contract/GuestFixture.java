package org.usermem.platform.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MemoryKind;
import org.usermem.platform.AddressSpace;
import org.usermem.platform.Context;
import org.usermem.platform.Platform;
import org.usermem.platform.Registers;
import org.usermem.platform.StopReason;
import org.usermem.platform.memory.HostMemoryFile;

/** An address space with a page of code, a page of data and a page of stack. */
public final class GuestFixture implements AutoCloseable {

  public static final long CODE = 0x40_0000;
  public static final long DATA = 0x41_0000;
  public static final long STACK = 0x42_0000;
  public static final long UNMAPPED = 0x43_0000;
  public static final long PAGE = Addr.PAGE_SIZE;

  private final HostMemoryFile file;
  private final FileRange pages;
  public final AddressSpace space;

  public GuestFixture(Platform platform, HostMemoryFile file, MachineCode code) {
    this.file = file;
    pages = file.allocate(3 * PAGE, MemoryKind.ANONYMOUS);
    byte[] bytes = code.toBytes();
    MemorySegment.copy(bytes, 0, file.segment(pages), ValueLayout.JAVA_BYTE, 0, bytes.length);
    space = platform.newAddressSpace();
    space.mapFile(CODE, page(0), AccessType.READ_EXECUTE, false);
    space.mapFile(DATA, page(1), AccessType.READ_WRITE, false);
    space.mapFile(STACK, page(2), AccessType.READ_WRITE, false);
  }

  /** Returns the range of the code (0), the data (1) or the stack (2). */
  public FileRange page(int index) {
    return FileRange.of(pages.start() + index * PAGE, PAGE);
  }

  /** Returns what the guest's data page holds. */
  public MemorySegment data() {
    return file.segment(page(1));
  }

  /** Returns registers at the start of the code. */
  public Registers start() {
    Registers registers = new Registers();
    registers.setRip(CODE);
    registers.setRsp(STACK + PAGE);
    registers.setRdi(DATA);
    return registers;
  }

  /** Runs until a system call, and checks its number. */
  public static void expectCall(int number, Context context, Registers registers) {
    assertEquals(
        StopReason.SYSCALL,
        context.run(registers),
        () ->
            registers
                + " signal "
                + context.signalNumber()
                + " at "
                + Addr.toString(context.faultAddress()));
    assertEquals(number, registers.origRax());
  }

  @Override
  public void close() {
    space.close();
    file.decRef(pages);
  }
}
