package org.usermem.linux.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Random bytes from the host, as good as its getrandom(2). Thread-safe. */
public final class Entropy {
  private static final Path DEVICE = Path.of("/dev/urandom");

  Entropy() {}

  /** Fills the first bytes of an array. */
  public void fill(byte[] destination, int count) {
    try (FileChannel channel = FileChannel.open(DEVICE, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.wrap(destination, 0, count);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer) < 0) {
          throw new IOException(DEVICE + " has ended");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns some bytes. */
  public byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    fill(bytes, count);
    return bytes;
  }

  /** Returns 64 random bits. */
  public long nextLong() {
    return MemorySegment.ofArray(bytes(Long.BYTES)).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
  }
}
