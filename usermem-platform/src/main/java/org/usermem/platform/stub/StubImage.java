package org.usermem.platform.stub;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.usermem.addr.Addr;

/** The ELF executable that a stub process is started from: one page of code and constants. */
final class StubImage {

  /** Number of bytes that the image takes in the address space: one page. */
  static final long BYTE_COUNT = Addr.PAGE_SIZE;

  /** What ps(1) shows, at most 15 characters. */
  private static final String NAME = "usermem-stub";

  private static final int PAGE = (int) BYTE_COUNT;
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
   * @param injectable as for {@link StubFilter#program}
   */
  static byte[] elf(int parent, List<Integer> injectable) {
    ByteBuffer image = ByteBuffer.allocate(2 * PAGE).order(ByteOrder.LITTLE_ENDIAN);
    putHeader(image);
    putSegment(image, PT_LOAD, READ_EXECUTE, PAGE, StubLayout.LOAD, PAGE);
    putSegment(image, PT_GNU_STACK, READ_WRITE, 0, 0, 0);
    image.position(PAGE).put(page(parent, injectable));
    return image.array();
  }

  /** Returns the page that a stub process runs. */
  static byte[] page(int parent, List<Integer> injectable) {
    ByteBuffer page = ByteBuffer.wrap(code()).order(ByteOrder.LITTLE_ENDIAN);
    SeccompProgram program = StubFilter.program(injectable);
    byte[] filter = program.assemble();
    page.putInt(StubLayout.PARENT_OFFSET, parent);
    // struct sock_fprog: the length in instructions and the address of the first.
    page.putShort(StubLayout.PROGRAM_OFFSET, (short) program.instructionCount());
    page.putLong(StubLayout.PROGRAM_OFFSET + 8, StubLayout.CODE + StubLayout.FILTER_OFFSET);
    page.put(StubLayout.NAME_OFFSET, NAME.getBytes(StandardCharsets.US_ASCII));
    page.position(StubLayout.FILTER_OFFSET).put(filter);
    return page.array();
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
