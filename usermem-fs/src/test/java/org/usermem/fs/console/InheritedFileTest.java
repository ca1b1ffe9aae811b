package org.usermem.fs.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.fs.fixture.Sandbox.assertErrno;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.Whence;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.fixture.Sandbox;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.sequence.Sink;

class InheritedFileTest {

  @TempDir private Path directory;
  private Path path;
  private Sandbox box;
  private FileChannel channel;
  private FileDescription file;

  @BeforeEach
  void setUp() throws IOException {
    path = Files.writeString(directory.resolve("f"), "one two three");
    channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    box = new Sandbox(context -> new TmpfsFileSystem(context, TmpfsOptions.DEFAULT));
    int mode = FileType.REGULAR.modeBits() | 0600;
    file =
        InheritedFile.describe(
            box.vfs.anonymousFiles(), channel, mode, "in", OpenFlags.READ_WRITE, Credentials.ROOT);
  }

  @AfterEach
  void tearDown() throws IOException {
    file.decRef();
    channel.close();
    box.close();
  }

  private String read(int byteCount) {
    byte[] bytes = new byte[byteCount];
    long count = file.read(Sink.of(bytes));
    return new String(bytes, 0, (int) count, StandardCharsets.ISO_8859_1);
  }

  @Test
  void theHostGoesOnWhereTheGuestHasStopped() throws IOException {
    assertEquals("one ", read(4));
    assertEquals(4, channel.position());
    channel.position(8);
    assertEquals("three", read(100));
    assertEquals("", read(100));
  }

  @Test
  void positionsAreSought() throws IOException {
    assertEquals(8, file.seek(-5, Whence.END));
    assertEquals("thr", read(3));
    assertEquals(7, file.seek(-4, Whence.CURRENT));
    assertEquals(" ", read(1));
    assertEquals(2, file.seek(2, Whence.DATA));
    assertEquals(13, file.seek(2, Whence.HOLE));
    assertErrno(Errno.EINVAL, () -> file.seek(-14, Whence.END));
    assertErrno(Errno.ENXIO, () -> file.seek(13, Whence.DATA));
    assertEquals(13, channel.position());
  }

  @Test
  void readingAndWritingAtAnOffsetLeavesThePosition() throws IOException {
    assertEquals("one ", read(4));
    assertEquals("three", Sandbox.readAt(file, 8, 20));
    file.writeAt(Sandbox.source("TWO"), 4, TransferOptions.DEFAULT);
    assertEquals(4, channel.position());
    file.write(Sandbox.source("2"));
    assertEquals("one 2WO three", Files.readString(path));
  }

  @Test
  void theSizeIsShownAndChanged() throws IOException {
    assertEquals(13, file.attributes().byteSize());
    file.truncate(3, TransferOptions.DEFAULT);
    assertEquals("one", Files.readString(path));
    file.truncate(5, TransferOptions.DEFAULT);
    assertEquals("one\0\0", Files.readString(path));
    assertErrno(Errno.EINVAL, () -> file.truncate(-1, TransferOptions.DEFAULT));
    file.sync(true);
  }

  @Test
  void whatIsMappedIsTheFile() {
    for (boolean isPrivate : List.of(true, false)) {
      MapOptions options =
          MapOptions.builder(Addr.PAGE_SIZE).access(AccessType.READ).isPrivate(isPrivate).build();
      MapOptions mapped = file.configureMap(options);
      assertEquals(!isPrivate, !mapped.maxAccess().contains(AccessType.WRITE));
      Mappable mappable = Objects.requireNonNull(mapped.mappable());
      MappableRange page = new MappableRange(0, Addr.PAGE_SIZE);
      long start = mappable.translate(page, page, AccessType.READ).getFirst().fileOffset();
      assertEquals("one two three", box.memory.segment(FileRange.of(start, 4096)).getString(0));
      file.decRef();
    }
    // Reading goes on where it was.
    assertEquals("one ", read(4));
  }

  @Test
  void sharedMemoryOfItCantBeWritten() {
    MapOptions options =
        MapOptions.builder(Addr.PAGE_SIZE).access(AccessType.READ_WRITE).isPrivate(false).build();
    assertErrno(Errno.ENODEV, () -> file.configureMap(options));
  }
}
