package org.usermem.itests.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that ends by a signal leaves its memory behind, if its limit allows it. */
@Tag("slow")
class CoreDumpTest {

  private static final String VICTIM =
      """
      python3 -c '
      import ctypes, os
      text = ctypes.create_string_buffer(b"remember me")
      print(hex(ctypes.addressof(text)), flush=True)
      os.abort()'\
      """;

  private static final String VICTIM_WITH_THREADS =
      """
      python3 -c '
      import ctypes, os, threading, time
      def spin():
        while True: pass
      for target in (spin, lambda: time.sleep(1000)):
        threading.Thread(target=target, daemon=True).start()
      text = ctypes.create_string_buffer(b"remember me")
      print(hex(ctypes.addressof(text)), flush=True)
      os.abort()'\
      """;

  @TempDir private Path directory;

  private String run(String script) throws IOException {
    try (InputStream reader = CoreDumpTest.class.getResourceAsStream("read-core.py")) {
      Files.copy(Objects.requireNonNull(reader), directory.resolve("read-core.py"));
    }
    return Guest.run(directory, List.of("--workdir", directory.toString()), "/bin/sh", "-c", script)
        .out();
  }

  @Test
  void memoryAndNotesAreInTheDump() throws IOException {
    assertEquals(
        """
        134
        signal 6
        0x1 0x3 0x53494749 0x6 0x46494c45 0x2 0x202
        remember me
        """,
        run(
            "ulimit -c unlimited; where=$("
                + VICTIM
                + "); echo $?; python3 read-core.py core $where"));
  }

  @Test
  void allThreadsAreInTheDumpWithTheirRegisters() throws IOException {
    assertEquals(
        """
        134
        signal 6
        signal 6
        signal 6
        0x1 0x3 0x53494749 0x6 0x46494c45 0x2 0x202 0x1 0x2 0x202 0x1 0x2 0x202
        remember me
        """,
        run(
            "ulimit -c unlimited; where=$("
                + VICTIM_WITH_THREADS
                + "); echo $?; python3 read-core.py core $where"));
  }

  @Test
  void limitCutsTheDumpOrForbidsIt() throws IOException {
    assertEquals(
        """
        none
        40960
        """,
        run(
            VICTIM
                + " > out; ls core 2> err || echo none; ulimit -c 80; "
                + VICTIM
                + " > out; stat -c %s core"));
  }
}
