package org.usermem.fs.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.fs.fixture.Sandbox.assertErrno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.fixture.Sandbox;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;

/** A file is either executed or written to. */
class WriteAccessTest {

  private Sandbox box;

  @BeforeEach
  void setUp() {
    box = new Sandbox(context -> new TmpfsFileSystem(context, TmpfsOptions.DEFAULT));
    box.write("/f", "program");
  }

  @AfterEach
  void tearDown() {
    box.close();
  }

  private void truncate() {
    box.vfs.setAttributes(
        box.context,
        box.context.root(),
        "/f",
        LookupFlags.FOLLOW,
        AttributeChange.NONE.withByteSize(0));
  }

  @Test
  void whatIsExecutedCanNeitherBeOpenedForWritingNorTruncated() {
    FileDescription executed = box.open("/f", OpenFlags.READ_ONLY);
    executed.forbidWriting();
    assertErrno(Errno.ETXTBSY, () -> box.open("/f", OpenFlags.READ_WRITE));
    assertErrno(Errno.ETXTBSY, () -> box.open("/f", OpenFlags.WRITE_ONLY | OpenFlags.TRUNCATE));
    assertErrno(Errno.ETXTBSY, () -> box.open("/f", OpenFlags.READ_ONLY | OpenFlags.TRUNCATE));
    assertErrno(Errno.ETXTBSY, this::truncate);
    box.open("/f", OpenFlags.READ_ONLY).decRef();
    assertEquals("program", Sandbox.readAll(executed));
    executed.decRef();
    box.open("/f", OpenFlags.READ_WRITE).decRef();
    truncate();
  }

  @Test
  void whatIsOpenForWritingCanNotBeExecuted() {
    FileDescription writer = box.open("/f", OpenFlags.READ_WRITE);
    FileDescription executed = box.open("/f", OpenFlags.READ_ONLY);
    assertErrno(Errno.ETXTBSY, executed::forbidWriting);
    writer.decRef();
    executed.forbidWriting();
    executed.permitWriting();
    box.open("/f", OpenFlags.READ_WRITE).decRef();
    executed.decRef();
  }

  @Test
  void eachOfSeveralExecutionsCounts() {
    FileDescription first = box.open("/f", OpenFlags.READ_ONLY);
    FileDescription second = box.open("/f", OpenFlags.READ_ONLY);
    first.forbidWriting();
    second.forbidWriting();
    first.decRef();
    assertErrno(Errno.ETXTBSY, () -> box.open("/f", OpenFlags.READ_WRITE));
    second.decRef();
    box.open("/f", OpenFlags.READ_WRITE).decRef();
  }
}
