package org.usermem.fs.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryWindowTest {

  private static final long GIB = 1L << 30;

  @Test
  void rangesAnywhereInALargeFileAreBuffers(@TempDir Path directory) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel sparse =
            FileChannel.open(
                directory.resolve("sparse"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.SPARSE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      MemorySegment memory = sparse.map(FileChannel.MapMode.READ_WRITE, 0, 5 * GIB, arena);
      MemoryWindow window = new MemoryWindow(memory);
      long[] starts = {0, 7, GIB - 1, GIB, 2 * GIB - 4096, 4 * GIB, 5 * GIB - 100};
      for (long start : starts) {
        long byteCount = Math.min(MemoryWindow.MOST_BYTES, 5 * GIB - start);
        ByteBuffer buffer = window.over(start, byteCount);
        assertEquals(byteCount, buffer.remaining());
        buffer.put((byte) 42);
        assertEquals(42, memory.get(ValueLayout.JAVA_BYTE, start));
      }
      assertSame(window.over(5 * GIB - 4096, 1), window.over(4 * GIB, 4096));
    }
  }
}
