package org.usermem.fs.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.pipe.PipeDescription;
import org.usermem.fs.pipe.Pipes;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** A pipe moves whole buffers or none: what a fault is met in stays where it was. */
class PipeFaultTest {

  private MountedFileSystem mounted;
  private PipeDescription reader;
  private PipeDescription writer;

  @BeforeEach
  void setUp() throws Exception {
    mounted = new MountedFileSystem(context -> new TmpfsFileSystem(context, TmpfsOptions.DEFAULT));
    Pipes.Ends ends = Pipes.create(mounted.vfs().anonymousFiles(), 0, Credentials.ROOT);
    reader = ends.reader();
    writer = ends.writer();
  }

  @AfterEach
  void tearDown() {
    reader.decRef();
    writer.decRef();
    mounted.close();
  }

  private String rest() {
    byte[] bytes = new byte[65_536];
    int count = (int) reader.read(Sink.of(bytes));
    return new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
  }

  @Test
  void bufferThatCannotBeReadWholeStaysWhole() {
    writer.write(Source.of(new byte[4096]));
    writer.write(source("second"));
    assertEquals(4096, reader.read(new FaultingSink(4200, 4098)));
    FaultingSink sink = new FaultingSink(6, 2);
    MountedFileSystem.assertErrno(Errno.EFAULT, () -> reader.read(sink));
    // Linux has copied what it could, too.
    assertEquals("se", sink.text(2));
    assertEquals("second", rest());
  }

  @Test
  void bufferThatCannotBeWrittenWholeIsNotMade() {
    FaultingSource small = new FaultingSource("0123456789", 4);
    MountedFileSystem.assertErrno(Errno.EFAULT, () -> writer.write(small));
    assertEquals(4096, writer.write(new FaultingSource("x".repeat(8192), 5000)));
    assertEquals("x".repeat(4096), rest());
  }

  @Test
  void bytesThatCannotJoinTheNewestBufferWholeDoNotJoinIt() {
    writer.write(source("first"));
    FaultingSource small = new FaultingSource("0123456789", 4);
    MountedFileSystem.assertErrno(Errno.EFAULT, () -> writer.write(small));
    assertEquals("first", rest());
  }

  private static Source source(String text) {
    return new FaultingSource(text, text.length());
  }
}
