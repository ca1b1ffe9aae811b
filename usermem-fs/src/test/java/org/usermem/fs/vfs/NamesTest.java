package org.usermem.fs.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.fs.fixture.Sandbox.assertErrno;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.RenameFlags;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.fixture.Sandbox;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;

class NamesTest {

  private Sandbox box;

  @BeforeEach
  void setUp() {
    box = new Sandbox(context -> new TmpfsFileSystem(context, TmpfsOptions.DEFAULT));
  }

  @AfterEach
  void tearDown() {
    box.close();
  }

  @Test
  void unlinkedFileLivesWhileOpenAndIsFreedAfterwards() {
    long before = box.memory.allocatedBytes();
    box.write("/file", "x".repeat(10_000));
    FileDescription open = box.open("/file", OpenFlags.READ_WRITE);
    box.unlink("/file");
    assertErrno(Errno.ENOENT, () -> box.stat("/file"));
    assertEquals(10_000, Sandbox.readAll(open).length());
    assertEquals(0, open.attributes().linkCount());
    open.decRef();
    assertEquals(before, box.memory.allocatedBytes());
  }

  @Test
  void unlinkRefusesDirectoriesAndRmdirFiles() {
    box.mkdir("/d");
    box.write("/f", "");
    assertErrno(Errno.EISDIR, () -> box.unlink("/d"));
    assertErrno(Errno.EISDIR, () -> box.unlink("/d/"));
    assertErrno(Errno.ENOTDIR, () -> box.unlink("/f/"));
    assertErrno(Errno.ENOTDIR, () -> box.rmdir("/f"));
    assertErrno(Errno.EINVAL, () -> box.rmdir("/d/."));
    assertErrno(Errno.ENOTEMPTY, () -> box.rmdir("/d/.."));
    assertErrno(Errno.EBUSY, () -> box.rmdir("/"));
    box.mkdir("/d/e");
    assertErrno(Errno.ENOTEMPTY, () -> box.rmdir("/d"));
    box.rmdir("/d/e/");
    box.rmdir("/d");
    assertErrno(Errno.ENOENT, () -> box.rmdir("/d"));
  }

  @Test
  void removedDirectoryTakesNoNewEntries() {
    box.mkdir("/d");
    FileDescription open = box.open("/d", OpenFlags.DIRECTORY);
    box.rmdir("/d");
    assertErrno(Errno.ENOENT, () -> box.vfs.makeDirectory(box.context, open.location(), "x", 0777));
    assertErrno(Errno.ENOENT, () -> open.list((name, type, inode, next) -> true));
    open.decRef();
  }

  @Test
  void directoriesCountTheirSubdirectories() {
    box.mkdir("/d");
    assertEquals(2, box.stat("/d").linkCount());
    box.mkdir("/d/e");
    assertEquals(3, box.stat("/d").linkCount());
    box.mkdir("/o");
    box.rename("/d/e", "/o/e");
    assertEquals(2, box.stat("/d").linkCount());
    assertEquals(3, box.stat("/o").linkCount());
  }

  @Test
  void hardLinksAreOneFile() {
    box.write("/f", "one");
    box.link("/f", "/g");
    assertEquals(box.stat("/f").inode(), box.stat("/g").inode());
    assertEquals(2, box.stat("/f").linkCount());
    box.write("/g", "two");
    box.unlink("/f");
    assertEquals("two", box.read("/g"));
    box.mkdir("/d");
    assertErrno(Errno.EPERM, () -> box.link("/d", "/e"));
    assertErrno(Errno.EEXIST, () -> box.link("/g", "/d"));
  }

  @Test
  void renameReplacesWhatItMay() {
    box.write("/f", "f");
    box.write("/g", "g");
    box.rename("/f", "/g");
    assertEquals("f", box.read("/g"));
    assertErrno(Errno.ENOENT, () -> box.read("/f"));
    box.mkdir("/d");
    box.mkdir("/e");
    box.write("/e/x", "");
    assertErrno(Errno.EISDIR, () -> box.rename("/g", "/d"));
    assertErrno(Errno.ENOTDIR, () -> box.rename("/d", "/g"));
    assertErrno(Errno.ENOTEMPTY, () -> box.rename("/d", "/e"));
    box.rename("/e", "/d");
    assertEquals(List.of("x"), box.list("/d"));
    assertErrno(Errno.EINVAL, () -> box.rename("/d", "/d/sub"));
    assertErrno(Errno.EBUSY, () -> box.rename("/d/.", "/z"));
    assertErrno(Errno.ENOTDIR, () -> box.rename("/g", "/h/"));
  }

  @Test
  void renameToAnotherNameOfTheSameFileDoesNothing() {
    box.write("/f", "f");
    box.link("/f", "/g");
    box.rename("/f", "/g");
    assertEquals("f", box.read("/f"));
    assertEquals("f", box.read("/g"));
  }

  @Test
  void renameFlagsExchangeAndKeep() {
    box.write("/f", "f");
    box.mkdir("/d");
    box.write("/d/g", "g");
    assertErrno(Errno.EEXIST, () -> box.rename("/f", "/d/g", RenameFlags.NO_REPLACE));
    box.rename("/f", "/d", RenameFlags.EXCHANGE);
    assertEquals("f", box.read("/d"));
    assertEquals("g", box.read("/f/g"));
    assertErrno(Errno.ENOENT, () -> box.rename("/f", "/none", RenameFlags.EXCHANGE));
    assertErrno(
        Errno.EINVAL, () -> box.rename("/f", "/d", RenameFlags.EXCHANGE | RenameFlags.NO_REPLACE));
  }

  @Test
  void stickyDirectoryProtectsOthersFiles() {
    box.write("/f", "root's");
    box.mkdir("/open");
    box.vfs.setAttributes(
        box.context, box.resolve("/open", 0), AttributeChange.NONE.withMode(0777));
    box.as(1000, 1000).write("/open/mine", "");
    assertErrno(Errno.EPERM, () -> box.unlink("/f"));
    box.as(1001, 1001).unlink("/open/mine");
  }

  @Test
  void newFilesGetUmaskAndGroupOfDirectory() {
    box.write("/f", "");
    assertEquals(0100644, box.stat("/f").mode());
    box.mkdir("/d");
    box.vfs.setAttributes(
        box.context, box.resolve("/d", 0), AttributeChange.NONE.withOwner(-1, 50).withMode(02777));
    box.as(1000, 1000).write("/d/f", "");
    box.mkdir("/d/sub");
    FileAttributes file = box.stat("/d/f");
    assertEquals(1000, file.userId());
    assertEquals(50, file.groupId());
    assertEquals(0042755, box.stat("/d/sub").mode());
  }

  @Test
  void ownershipChangesFollowTheRules() {
    box.write("/f", "");
    box.vfs.setAttributes(
        box.context,
        box.resolve("/f", 0),
        AttributeChange.NONE.withOwner(1000, 1000).withMode(06755));
    assertEquals(0106755, box.stat("/f").mode());
    box.as(1000, 1000);
    assertErrno(
        Errno.EPERM,
        () ->
            box.vfs.setAttributes(
                box.context, box.resolve("/f", 0), AttributeChange.NONE.withOwner(1001, -1)));
    box.vfs.setAttributes(
        box.context, box.resolve("/f", 0), AttributeChange.NONE.withOwner(-1, 1000));
    assertEquals(0100755, box.stat("/f").mode());
    box.as(1001, 1001);
    assertErrno(
        Errno.EPERM,
        () ->
            box.vfs.setAttributes(
                box.context, box.resolve("/f", 0), AttributeChange.NONE.withMode(0777)));
  }

  @Test
  void listingGoesOnWhereItEndedWhateverIsCreatedAndRemoved() {
    for (int i = 0; i < 10; i++) {
      box.write("/f" + i, "");
    }
    FileDescription root = box.open("/", OpenFlags.DIRECTORY);
    java.util.ArrayList<String> names = new java.util.ArrayList<>();
    root.list((name, type, inode, next) -> names.size() < 5 && names.add(name));
    assertEquals(List.of(".", "..", "f0", "f1", "f2"), names);
    box.unlink("/f1");
    box.unlink("/f4");
    box.write("/new", "");
    root.list((name, type, inode, next) -> names.add(name));
    assertEquals(
        List.of(".", "..", "f0", "f1", "f2", "f3", "f5", "f6", "f7", "f8", "f9", "new"), names);
    root.decRef();
  }

  @Test
  void temporaryFileHasNoNameUntilLinked() {
    FileDescription file = box.open("/", OpenFlags.TEMPORARY | OpenFlags.READ_WRITE);
    file.write(Sandbox.source("hidden"));
    assertEquals(List.of(), box.list("/"));
    box.vfs.makeLink(
        box.context, file.location(), "", box.root(), "/named", LookupFlags.EMPTY_PATH);
    assertEquals("hidden", box.read("/named"));
    file.decRef();
    assertEquals("hidden", box.read("/named"));
  }
}
