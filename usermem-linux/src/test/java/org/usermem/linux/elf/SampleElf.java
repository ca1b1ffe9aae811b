package org.usermem.linux.elf;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes small ELF files: a page of text at 0x400000, a page of data with two pages of zeros at
 * 0x402000.
 */
final class SampleElf {
  private int type = ElfHeader.EXECUTABLE;
  private @Nullable String interpreter;

  SampleElf type(int type) {
    this.type = type;
    return this;
  }

  SampleElf interpreter(String interpreter) {
    this.interpreter = interpreter;
    return this;
  }

  byte[] build() {
    byte[] file = new byte[0x2000];
    MemorySegment s = MemorySegment.ofArray(file);
    s.set(JAVA_INT_UNALIGNED, 0, 0x464c457f);
    s.set(JAVA_INT_UNALIGNED, 4, 0x00010102);
    s.set(JAVA_SHORT_UNALIGNED, 16, (short) type);
    s.set(JAVA_SHORT_UNALIGNED, 18, (short) 62);
    s.set(JAVA_INT_UNALIGNED, 20, 1);
    s.set(JAVA_LONG_UNALIGNED, 24, 0x400100);
    s.set(JAVA_LONG_UNALIGNED, 32, 64);
    s.set(JAVA_SHORT_UNALIGNED, 54, (short) 56);
    s.set(JAVA_SHORT_UNALIGNED, 56, (short) (interpreter == null ? 2 : 3));
    segment(s, 0, ProgramHeader.LOAD, 5, 0, 0x400000, 0x1000, 0x1000);
    segment(s, 1, ProgramHeader.LOAD, 6, 0x1000, 0x402000, 0x1000, 0x3000);
    if (interpreter != null) {
      byte[] path = interpreter.getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(path, 0, file, 0x300, path.length);
      segment(s, 2, ProgramHeader.INTERPRETER, 4, 0x300, 0x400300, path.length, path.length);
    }
    return file;
  }

  private static void segment(
      MemorySegment s,
      int index,
      int type,
      int flags,
      long offset,
      long address,
      long inFile,
      long inMemory) {
    long at = 64 + 56L * index;
    s.set(JAVA_INT_UNALIGNED, at, type);
    s.set(JAVA_INT_UNALIGNED, at + 4, flags);
    s.set(JAVA_LONG_UNALIGNED, at + 8, offset);
    s.set(JAVA_LONG_UNALIGNED, at + 16, address);
    s.set(JAVA_LONG_UNALIGNED, at + 32, inFile);
    s.set(JAVA_LONG_UNALIGNED, at + 40, inMemory);
    s.set(JAVA_LONG_UNALIGNED, at + 48, 0x1000);
  }
}
