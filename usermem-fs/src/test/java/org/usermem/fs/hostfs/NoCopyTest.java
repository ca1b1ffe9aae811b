package org.usermem.fs.hostfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.block.BlockSeq;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.fixture.Sandbox;
import org.usermem.fs.page.ChannelStorage;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** The host's channel gets the very memory of the program: counted by what it is given. */
class NoCopyTest {

  @TempDir Path host;
  private CountingChannel channel;
  private Sandbox box;
  private final Arena arena = Arena.ofConfined();

  @BeforeEach
  void setUp() throws IOException {
    Files.writeString(host.resolve("file"), "0123456789".repeat(1000));
    channel =
        new CountingChannel(
            FileChannel.open(
                host.resolve("file"), StandardOpenOption.READ, StandardOpenOption.WRITE));
    HostOpener opener = (node, writable) -> new ChannelStorage(channel, true);
    box = new Sandbox(context -> new HostFileSystem(context, HostOptions.shared(host), opener));
  }

  @AfterEach
  void tearDown() {
    box.close();
    arena.close();
  }

  private static List<Long> addresses(List<MemorySegment> segments) {
    return segments.stream().map(MemorySegment::address).toList();
  }

  @Test
  void readFillsTheProgramsMemoryInOneCall() {
    FileDescription file = box.open("/file", OpenFlags.READ_ONLY);
    MemorySegment memory = arena.allocate(8192);
    assertEquals(8192, file.read(Sink.of(memory)));
    assertEquals(List.of(memory.address()), addresses(channel.given));
    assertEquals(8192, channel.given.getFirst().byteSize());
    file.decRef();
  }

  @Test
  void scatteredReadGivesEachPieceOfMemoryOnce() {
    FileDescription file = box.open("/file", OpenFlags.READ_ONLY);
    MemorySegment first = arena.allocate(100);
    MemorySegment second = arena.allocate(5000);
    MemorySegment third = arena.allocate(7);
    BlockSeq blocks = BlockSeq.of(List.of(first, second, third));
    assertEquals(5107, file.readAt(Sink.of(blocks), 3, TransferOptions.DEFAULT));
    assertEquals(
        List.of(first.address(), second.address(), third.address()), addresses(channel.given));
    assertEquals(
        "345",
        new String(first.asSlice(0, 3).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII));
    file.decRef();
  }

  @Test
  void writeTakesTheProgramsMemory() {
    FileDescription file = box.open("/file", OpenFlags.READ_WRITE);
    MemorySegment first = arena.allocateFrom("hello");
    MemorySegment second = arena.allocateFrom("world");
    assertEquals(
        10, file.write(Source.of(BlockSeq.of(List.of(first.asSlice(0, 5), second.asSlice(0, 5))))));
    assertEquals(List.of(first.address(), second.address()), addresses(channel.given));
    assertEquals("helloworld", read());
    file.decRef();
  }

  private String read() {
    try {
      return Files.readString(host.resolve("file")).substring(0, 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
