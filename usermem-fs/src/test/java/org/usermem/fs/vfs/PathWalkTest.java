package org.usermem.fs.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.usermem.fs.fixture.Sandbox.assertErrno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Location;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.fixture.Sandbox;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;

class PathWalkTest {

  private Sandbox box;

  @BeforeEach
  void setUp() {
    box = new Sandbox(context -> new TmpfsFileSystem(context, TmpfsOptions.DEFAULT));
    box.mkdir("/a");
    box.mkdir("/a/b");
    box.write("/a/b/file", "text");
  }

  @AfterEach
  void tearDown() {
    box.close();
  }

  @Test
  void slashesAndDotsLeadNowhereElse() {
    assertEquals("text", box.read("//a/./b///file"));
    assertEquals("text", box.read("/a/b/../b/file"));
    assertEquals("text", box.read("/../../a/b/file"));
  }

  @Test
  void emptyPathNeedsItsFlag() {
    assertErrno(Errno.ENOENT, () -> box.resolve("", 0));
    assertSame(box.root().inode(), box.resolve("", LookupFlags.EMPTY_PATH).inode());
  }

  @Test
  void fileInTheMiddleIsNoDirectory() {
    assertErrno(Errno.ENOTDIR, () -> box.read("/a/b/file/x"));
    assertErrno(Errno.ENOTDIR, () -> box.read("/a/b/file/"));
    assertErrno(Errno.ENOTDIR, () -> box.read("/a/b/file/."));
  }

  @Test
  void missingComponentIsNotFound() {
    assertErrno(Errno.ENOENT, () -> box.read("/a/x/file"));
    assertErrno(Errno.ENOENT, () -> box.read("/a/b/x"));
  }

  @Test
  void tooLongComponentIsRefused() {
    assertErrno(Errno.ENAMETOOLONG, () -> box.read("/" + "x".repeat(256)));
    box.write("/" + "x".repeat(255), "fits");
  }

  @Test
  void symbolicLinksAreFollowed() {
    box.symlink("b", "/a/relative");
    box.symlink("/a/b", "/absolute");
    box.symlink("absolute/file", "/chain");
    assertEquals("text", box.read("/a/relative/file"));
    assertEquals("text", box.read("/absolute/file"));
    assertEquals("text", box.read("/chain"));
  }

  @Test
  void slashAfterLinkFollowsIt() {
    box.symlink("/a", "/link");
    box.symlink("/a/b/file", "/fileLink");
    assertSame(box.resolve("/a", 0).inode(), box.resolve("/link/", 0).inode());
    assertErrno(Errno.ENOTDIR, () -> box.resolve("/fileLink/", 0));
    box.symlink("/link", "/second");
    assertSame(box.resolve("/a", 0).inode(), box.resolve("/second/", 0).inode());
  }

  @Test
  void loopOfLinksIsRefused() {
    box.symlink("/loop2", "/loop1");
    box.symlink("/loop1", "/loop2");
    assertErrno(Errno.ELOOP, () -> box.read("/loop1"));
    assertErrno(Errno.ELOOP, () -> box.open("/loop1", OpenFlags.CREATE | OpenFlags.WRITE_ONLY));
  }

  @Test
  void fortyLinksAreFollowedAndNotOneMore() {
    box.symlink("/a/b/file", "/l1");
    for (int i = 2; i <= 41; i++) {
      box.symlink("/l" + (i - 1), "/l" + i);
    }
    assertEquals("text", box.read("/l40"));
    assertErrno(Errno.ELOOP, () -> box.read("/l41"));
  }

  @Test
  void createFollowsDanglingLink() {
    box.symlink("/a/made", "/dangling");
    box.write("/dangling", "new");
    assertEquals("new", box.read("/a/made"));
    assertErrno(
        Errno.EEXIST,
        () -> box.open("/dangling", OpenFlags.CREATE | OpenFlags.EXCLUSIVE | OpenFlags.WRITE_ONLY));
  }

  @Test
  void noFollowRefusesLink() {
    box.symlink("/a/b/file", "/link");
    assertErrno(Errno.ELOOP, () -> box.open("/link", OpenFlags.NO_FOLLOW));
    FileDescription path = box.open("/link", OpenFlags.NO_FOLLOW | OpenFlags.PATH);
    assertSame(box.resolve("/link", 0).inode(), path.inode());
    path.decRef();
  }

  @Test
  void searchNeedsExecutePermission() {
    box.vfs.setAttributes(
        box.context,
        box.resolve("/a", 0),
        org.usermem.fs.attribute.AttributeChange.NONE.withMode(0600));
    assertEquals("text", box.read("/a/b/file"));
    box.as(1000, 1000);
    assertErrno(Errno.EACCES, () -> box.read("/a/b/file"));
  }

  @Test
  void beneathStaysBelowItsStart() {
    Location a = box.resolve("/a", 0);
    box.symlink("/a/b/file", "/a/absolute");
    box.symlink("../a/b/file", "/a/up");
    int beneath = LookupFlags.BENEATH | LookupFlags.FOLLOW;
    box.vfs.resolve(box.context, a, "b/../b/file", beneath);
    assertErrno(Errno.EXDEV, () -> box.vfs.resolve(box.context, a, "..", beneath));
    assertErrno(Errno.EXDEV, () -> box.vfs.resolve(box.context, a, "/a", beneath));
    assertErrno(Errno.EXDEV, () -> box.vfs.resolve(box.context, a, "absolute", beneath));
    assertErrno(Errno.EXDEV, () -> box.vfs.resolve(box.context, a, "up", beneath));
  }

  @Test
  void inRootMakesItsStartTheRoot() {
    Location a = box.resolve("/a", 0);
    int inRoot = LookupFlags.IN_ROOT | LookupFlags.FOLLOW;
    box.symlink("/b/file", "/a/absolute");
    assertSame(
        box.resolve("/a/b/file", 0).inode(),
        box.vfs.resolve(box.context, a, "../../absolute", inRoot).inode());
  }

  @Test
  void mountCoversAndUncovers() {
    box.mkdir("/mnt");
    box.write("/mnt/below", "below");
    box.vfs.mount(
        new TmpfsFileSystem(box.vfs.newContext(), TmpfsOptions.DEFAULT),
        "tmpfs",
        box.resolve("/mnt", 0),
        0);
    box.write("/mnt/above", "above");
    assertErrno(Errno.ENOENT, () -> box.read("/mnt/below"));
    assertEquals("above", box.read("/mnt/../mnt/above"));
    assertErrno(Errno.EXDEV, () -> box.rename("/mnt/above", "/a/above"));
    assertErrno(Errno.EBUSY, () -> box.rmdir("/mnt"));
    assertErrno(Errno.EXDEV, () -> box.resolve("/mnt/above", LookupFlags.NO_MOUNTS));
    assertEquals("/mnt/above", box.resolve("/mnt/above", 0).path());
    FileDescription open = box.open("/mnt/above", 0);
    assertErrno(Errno.EBUSY, () -> box.vfs.unmount(box.resolve("/mnt", 0), false));
    open.decRef();
    box.vfs.unmount(box.resolve("/mnt", 0), false);
    assertEquals("below", box.read("/mnt/below"));
  }

  @Test
  void everyNameIsOneDentryHoweverSmallTheCache() {
    Location held = box.resolve("/a/b/file", 0);
    for (int i = 0; i < 3000; i++) {
      box.write("/a/b/f" + i, "");
    }
    assertSame(held.dentry(), box.resolve("/a/b/file", 0).dentry());
    box.rename("/a/b/file", "/a/moved");
    assertEquals("/a/moved", held.path());
    box.unlink("/a/moved");
    assertEquals("/a/moved (deleted)", held.path());
  }
}
