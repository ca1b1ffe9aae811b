package org.usermem.platform.stub;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.usermem.addr.Addr;

/** The ELF executable that a stub process is started from: one page of code and constants. */
final class StubImage {

  /** Number of bytes that the image takes in the address space: one page. */
  static final long BYTE_COUNT = Addr.PAGE_SIZE;

  /** What ps(1) shows, at most 15 characters. */
  private static final String NAME = "usermem-stub";

  private static final int PAGE = (int) BYTE_COUNT;
  private static final long SA_SIGINFO = 0x4;
  private static final long SA_RESTORER = 0x0400_0000;
  private static final long SA_ONSTACK = 0x0800_0000;
  private static final short ET_EXEC = 2;
  private static final short EM_X86_64 = 62;
  private static final int PT_LOAD = 1;
  private static final int PT_GNU_STACK = 0x6474_e551;
  private static final int READ_EXECUTE = 5;
  private static final int READ_WRITE = 6;
  private static final short HEADER_BYTES = 64;
  private static final short SEGMENT_BYTES = 56;

  private StubImage() {}

  /**
   * Makes the image.
   *
   * @param parent process id of the JVM
   * @param flavor how guest threads will be watched
   */
  static byte[] elf(int parent, StubFlavor flavor) {
    ByteBuffer image = ByteBuffer.allocate(2 * PAGE).order(ByteOrder.LITTLE_ENDIAN);
    putHeader(image);
    putSegment(image, PT_LOAD, READ_EXECUTE, PAGE, StubLayout.LOAD, PAGE);
    putSegment(image, PT_GNU_STACK, READ_WRITE, 0, 0, 0);
    image.position(PAGE).put(page(parent, flavor));
    return image.array();
  }

  /** Returns the page that a stub process runs. */
  static byte[] page(int parent, StubFlavor flavor) {
    ByteBuffer page = ByteBuffer.wrap(code()).order(ByteOrder.LITTLE_ENDIAN);
    page.putInt(StubLayout.PARENT_OFFSET, parent);
    page.put(StubLayout.NAME_OFFSET, NAME.getBytes(StandardCharsets.US_ASCII));
    putSignalAction(page);
    page.position(StubLayout.FILTERS_OFFSET);
    putProgram(page, StubLayout.PROGRAM_OFFSET, StubFilter.program(flavor));
    putProgram(page, StubLayout.GUEST_PROGRAM_OFFSET, StubFilter.guestProgram());
    return page.array();
  }

  /** Puts a {@code struct sock_fprog} at an offset, and its program at the position. */
  private static void putProgram(ByteBuffer page, int offset, SeccompProgram program) {
    page.putShort(offset, (short) program.instructionCount());
    page.putLong(offset + 8, StubLayout.CODE + page.position());
    page.put(program.assemble());
  }

  /** Puts the {@code struct kernel_sigaction} of all signals of the trapped flavour. */
  private static void putSignalAction(ByteBuffer page) {
    int offset = StubLayout.SIGNAL_ACTION_OFFSET;
    page.putLong(offset, StubLayout.CODE + StubLayout.HANDLER_OFFSET);
    page.putLong(offset + 8, SA_SIGINFO | SA_RESTORER | SA_ONSTACK);
    // The handler never returns to the restorer, but the kernel insists on one.
    page.putLong(offset + 16, StubLayout.CODE + StubLayout.HANDLER_OFFSET);
    page.putLong(offset + 24, -1L);
  }

  private static byte[] code() {
    try (InputStream resource = StubImage.class.getResourceAsStream("stub.bin")) {
      if (resource == null) {
        throw new IllegalStateException("the module has lost its resource stub.bin");
      }
      byte[] code = resource.readAllBytes();
      if (code.length != StubLayout.DATA_OFFSET) {
        throw new IllegalStateException("stub.bin has " + code.length + " bytes");
      }
      return Arrays.copyOf(code, PAGE);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void putHeader(ByteBuffer image) {
    image.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
    image.putShort(ET_EXEC).putShort(EM_X86_64).putInt(1);
    image.putLong(StubLayout.LOAD + StubLayout.ENTRY_OFFSET).putLong(HEADER_BYTES).putLong(0);
    image.putInt(0).putShort(HEADER_BYTES).putShort(SEGMENT_BYTES).putShort((short) 2);
    image.putShort((short) 0).putShort((short) 0).putShort((short) 0);
  }

  private static void putSegment(
      ByteBuffer image, int type, int flags, long offset, long address, long byteCount) {
    image.putInt(type).putInt(flags).putLong(offset).putLong(address).putLong(address);
    image.putLong(byteCount).putLong(byteCount).putLong(PAGE);
  }
}
