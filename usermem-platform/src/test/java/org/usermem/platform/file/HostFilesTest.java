package org.usermem.platform.file;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTest {

  /** AT_FDCWD: names are relative to the working directory, and absolute ones to nothing. */
  private static final int HERE = -100;

  private static long blocks(Path path) throws IOException {
    return HostFiles.blockCount(HERE, path.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void holesTakeNoSpaceAndBytesDo(@TempDir Path directory) throws IOException {
    Path holes = directory.resolve("holes");
    try (RandomAccessFile file = new RandomAccessFile(holes.toFile(), "rw")) {
      file.setLength(1 << 20);
    }
    Path bytes = directory.resolve("bytes");
    Files.write(bytes, new byte[1 << 20]);
    assertTrue(blocks(holes) < blocks(bytes), blocks(holes) + " and " + blocks(bytes));
  }

  @Test
  void symbolicLinksAreNotFollowed(@TempDir Path directory) throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));
    assertTrue(blocks(link) >= 0);
  }

  @Test
  void whatIsNotThereIsAnError(@TempDir Path directory) {
    assertThrows(IOException.class, () -> blocks(directory.resolve("absent")));
    assertThrows(IOException.class, () -> HostFiles.blockCount(HERE, new byte[256]));
  }
}
