package org.usermem.fs.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.fs.fixture.Sandbox.assertErrno;
import static org.usermem.fs.fixture.Sandbox.source;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;
import org.usermem.fs.fixture.Sandbox;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

class PipeTest {

  private Sandbox box;
  private PipeDescription reader;
  private PipeDescription writer;

  @BeforeEach
  void setUp() {
    box = new Sandbox(context -> new TmpfsFileSystem(context, TmpfsOptions.DEFAULT));
    Pipes.Ends ends = Pipes.create(box.vfs.anonymousFiles(), 0, Credentials.ROOT);
    reader = ends.reader();
    writer = ends.writer();
  }

  @AfterEach
  void tearDown() {
    if (reader.tryIncRef()) {
      reader.decRef();
      reader.decRef();
    }
    if (writer.tryIncRef()) {
      writer.decRef();
      writer.decRef();
    }
    assertEquals(0, box.memory.allocatedBytes());
    box.close();
  }

  private static String read(FileDescription from, int byteCount) {
    byte[] bytes = new byte[byteCount];
    int count = (int) from.read(Sink.of(bytes));
    return new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
  }

  @Test
  void bytesComeOutInOrder() {
    writer.write(source("hello "));
    writer.write(source("world"));
    assertEquals("hel", read(reader, 3));
    assertEquals("lo world", read(reader, 100));
  }

  @Test
  void emptyPipeWouldBlockUntilTheWriterGoes() {
    assertErrno(Errno.EAGAIN, () -> read(reader, 1));
    assertEquals(0, reader.readiness(Readiness.ALL));
    writer.write(source("x"));
    writer.decRef();
    assertEquals(Readiness.READABLE | Readiness.HANG_UP, reader.readiness(Readiness.ALL));
    assertEquals("x", read(reader, 10));
    assertEquals("", read(reader, 10));
  }

  @Test
  void writingWithoutReaderIsBroken() {
    reader.decRef();
    assertErrno(Errno.EPIPE, () -> writer.write(source("x")));
    assertTrue((writer.readiness(0) & Readiness.ERROR) != 0);
  }

  @Test
  void fullPipeTakesAPartOfALargeWriteAndAllOrNothingOfASmallOne() {
    assertEquals(60_000, writer.write(Source.of(new byte[60_000])));
    // One buffer is free; the odd bytes of this do not fit behind those of the last one.
    assertEquals(4096, writer.write(Source.of(new byte[10_000])));
    assertErrno(Errno.EAGAIN, () -> writer.write(source("x")));
    assertEquals(0, writer.readiness(Readiness.WRITABLE));
    read(reader, 1000);
    // A buffer that was read in part is none that is free.
    assertErrno(Errno.EAGAIN, () -> writer.write(source("x")));
    read(reader, 3096);
    assertEquals(Readiness.WRITABLE, writer.readiness(Readiness.WRITABLE));
    assertEquals(4096, writer.write(Source.of(new byte[4096])));
  }

  @Test
  void smallWritesShareABuffer() {
    writer.setCapacity(4096, Credentials.ROOT);
    for (int i = 0; i < 4096; i++) {
      assertEquals(1, writer.write(source("x")));
    }
    assertErrno(Errno.EAGAIN, () -> writer.write(source("x")));
    assertEquals(4096, read(reader, 5000).length());
  }

  @Test
  void ringWrapsAroundAndGrows() {
    StringBuilder expected = new StringBuilder();
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      String text = ("<" + i + ">").repeat(i % 50 + 1);
      expected.append(text);
      writer.write(source(text));
      if (i % 3 != 0) {
        seen.append(read(reader, 61 * (i % 7)));
      }
    }
    while (seen.length() < expected.length()) {
      seen.append(read(reader, 5000));
    }
    assertEquals(expected.toString(), seen.toString());
  }

  @Test
  void packetsAreReadOneByOne() {
    writer.setFlags(OpenFlags.DIRECT);
    writer.write(source("first"));
    writer.write(source("second"));
    assertEquals("fir", read(reader, 3));
    assertEquals("second", read(reader, 100));
  }

  @Test
  void capacityCanChange() {
    assertEquals(65_536, reader.capacity());
    assertEquals(8192, writer.setCapacity(5000, Credentials.ROOT));
    writer.write(Source.of(new byte[8192]));
    assertErrno(Errno.EBUSY, () -> writer.setCapacity(4096, Credentials.ROOT));
    assertErrno(
        Errno.EPERM, () -> writer.setCapacity(2 << 20, new Credentials(1000, 1000, new int[0], 0)));
  }

  @Test
  void waitersAreToldOfBytesAndOfRoom() {
    AtomicInteger calls = new AtomicInteger();
    Waiter waiter = Waiter.of(Readiness.IN, calls::incrementAndGet);
    reader.register(waiter);
    writer.write(source("x"));
    assertEquals(1, calls.get());
    reader.unregister(waiter);
    writer.write(source("y"));
    assertEquals(1, calls.get());
  }

  @Test
  void fifoOpensCompleteWhenBothSidesAreThere() {
    box.vfs.makeNode(box.context, box.root(), "/fifo", FileType.FIFO, 0666, 0);
    assertErrno(
        Errno.ENXIO, () -> box.open("/fifo", OpenFlags.WRITE_ONLY | OpenFlags.NON_BLOCKING));
    FileDescription in = box.open("/fifo", OpenFlags.READ_ONLY);
    assertFalse(in.isOpenComplete());
    assertEquals(0, in.readiness(Readiness.ALL) & Readiness.HANG_UP);
    FileDescription out = box.open("/fifo", OpenFlags.WRITE_ONLY);
    assertTrue(in.isOpenComplete());
    assertTrue(out.isOpenComplete());
    out.write(source("through"));
    out.decRef();
    assertEquals("through", read(in, 100));
    assertTrue((in.readiness(0) & Readiness.HANG_UP) != 0);
    in.decRef();
  }

  @Test
  void spliceMovesFromFileToPipeToFile() {
    box.write("/in", "abcdefghij");
    FileDescription in = box.open("/in", 0);
    FileDescription out = box.open("/out", OpenFlags.CREATE | OpenFlags.READ_WRITE);
    assertEquals(4, Splice.fromFile(in, 2, writer, 4));
    assertEquals(10, Splice.fromFile(in, Splice.AT_POSITION, writer, 100));
    assertEquals(0, Splice.fromFile(in, Splice.AT_POSITION, writer, 100));
    assertEquals(6, Splice.toFile(reader, out, Splice.AT_POSITION, 6, TransferOptions.DEFAULT));
    assertEquals("cdefab", Sandbox.readAt(out, 0, 100));
    assertEquals("cdefghij", read(reader, 100));
    in.decRef();
    out.decRef();
    box.unlink("/in");
    box.unlink("/out");
  }

  @Test
  void teeLeavesWhatItCopies() {
    Pipes.Ends other = Pipes.create(box.vfs.anonymousFiles(), 0, Credentials.ROOT);
    writer.write(source("abc"));
    assertEquals(3, Splice.tee(reader, other.writer(), 10));
    assertEquals("abc", read(other.reader(), 10));
    assertEquals(2, Splice.betweenPipes(reader, other.writer(), 2));
    assertEquals("ab", read(other.reader(), 10));
    assertEquals("c", read(reader, 10));
    assertErrno(Errno.EINVAL, () -> Splice.betweenPipes(reader, writer, 1));
    other.reader().decRef();
    other.writer().decRef();
  }
}
