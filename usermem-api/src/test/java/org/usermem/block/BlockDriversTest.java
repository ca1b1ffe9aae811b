package org.usermem.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

class BlockDriversTest {

  /** Moves one byte a call, {@code total} bytes in all, and then fails or ends. */
  private static final class OneByOne implements BlockReader, BlockWriter {

    private final BlockSeq bytes;
    private final boolean fails;
    private long done;

    OneByOne(BlockSeq bytes, boolean fails) {
      this.bytes = bytes;
      this.fails = fails;
    }

    private BlockSeq next() {
      if (fails && done == bytes.numBytes()) {
        throw LinuxException.of(Errno.EIO);
      }
      BlockSeq next = bytes.dropFirst(done).takeFirst(1);
      done += next.numBytes();
      return next;
    }

    @Override
    public long readToBlocks(BlockSeq dst) {
      return dst.copyFrom(next());
    }

    @Override
    public long writeFromBlocks(BlockSeq src) {
      return src.copyTo(next());
    }
  }

  @Test
  void readFullyAsksUntilTheBlocksAreFull() {
    BlockSeq dst = Blocks.of("...", "...");
    OneByOne reader = new OneByOne(Blocks.of("foobarbaz"), false);
    assertEquals(6, BlockReaders.readFully(reader, dst));
    assertEquals("foobar", Blocks.text(dst));
  }

  @Test
  void readFullyEndsAtTheEnd() {
    BlockSeq dst = Blocks.of("...", "...");
    assertEquals(4, BlockReaders.readFully(new OneByOne(Blocks.of("foob"), false), dst));
    assertEquals("foob..", Blocks.text(dst));
  }

  @Test
  void readFullyThrowsOnlyIfNothingWasRead() {
    BlockSeq dst = Blocks.of("...", "...");
    OneByOne reader = new OneByOne(Blocks.of("foob"), true);
    assertEquals(4, BlockReaders.readFully(reader, dst));
    LinuxException e =
        assertThrows(LinuxException.class, () -> BlockReaders.readFully(reader, dst));
    assertSame(Errno.EIO, e.errno());
    assertEquals(0, BlockReaders.readFully(reader, BlockSeq.empty()));
  }

  @Test
  void writeFullyAsksUntilTheBlocksAreEmpty() {
    BlockSeq room = Blocks.of(".........");
    assertEquals(6, BlockWriters.writeFully(new OneByOne(room, false), Blocks.of("foo", "bar")));
    assertEquals("foobar...", Blocks.text(room));
  }

  @Test
  void writeFullyEndsWhenThereIsNoRoom() {
    BlockSeq room = Blocks.of("....");
    assertEquals(4, BlockWriters.writeFully(new OneByOne(room, false), Blocks.of("foo", "bar")));
    assertEquals("foob", Blocks.text(room));
  }

  @Test
  void writeFullyThrowsOnlyIfNothingWasWritten() {
    OneByOne writer = new OneByOne(Blocks.of("...."), true);
    assertEquals(4, BlockWriters.writeFully(writer, Blocks.of("foo", "bar")));
    assertThrows(
        LinuxException.class, () -> BlockWriters.writeFully(writer, Blocks.of("foo", "bar")));
    assertEquals(0, BlockWriters.writeFully(writer, BlockSeq.empty()));
  }

  @Test
  void aReaderThatSaysMoreThanItMovedIsCaught() {
    assertThrows(
        IllegalStateException.class, () -> BlockReaders.readFully(dst -> 7, Blocks.of("foobar")));
    assertThrows(
        IllegalStateException.class, () -> BlockWriters.writeFully(src -> -1, Blocks.of("foo")));
  }

  @Test
  void blocksAreReadAndWrittenWhereTheyEnded() {
    BlockReader reader = BlockReaders.from(Blocks.of("foo", "bar"));
    BlockSeq dst = Blocks.of("....");
    assertEquals(4, reader.readToBlocks(dst));
    assertEquals("foob", Blocks.text(dst));
    assertEquals(2, reader.readToBlocks(dst));
    assertEquals("arob", Blocks.text(dst));
    assertEquals(0, reader.readToBlocks(dst));

    BlockSeq room = Blocks.of("...", "...");
    BlockWriter writer = BlockWriters.to(room);
    assertEquals(4, writer.writeFromBlocks(Blocks.of("fo", "ob")));
    assertEquals(2, writer.writeFromBlocks(Blocks.of("ar!")));
    assertEquals(0, writer.writeFromBlocks(Blocks.of("!")));
    assertEquals("foobar", Blocks.text(room));
  }

  @Test
  void zeroesHaveNoEndAndTheBitBucketNoBottom() {
    BlockSeq dst = Blocks.of("foo", "bar");
    assertEquals(6, BlockReaders.zeroes().readToBlocks(dst));
    assertEquals("\0\0\0\0\0\0", Blocks.text(dst));
    assertEquals(6, BlockWriters.discarding().writeFromBlocks(dst));
  }
}
