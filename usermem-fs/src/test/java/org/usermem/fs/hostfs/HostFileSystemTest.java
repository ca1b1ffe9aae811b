package org.usermem.fs.hostfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.fs.fixture.Sandbox.assertErrno;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.errno.Errno;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.fixture.Sandbox;

class HostFileSystemTest {

  @TempDir Path host;
  private Sandbox box;

  @BeforeEach
  void setUp() throws IOException {
    Files.createDirectories(host.resolve("root/a/b"));
    Files.writeString(host.resolve("root/a/b/file"), "text");
    Files.writeString(host.resolve("secret"), "secret");
    box =
        new Sandbox(
            context ->
                new HostFileSystem(
                    context, HostOptions.shared(host.resolve("root")).withOpenDirectoryLimit(2)));
  }

  @AfterEach
  void tearDown() {
    box.close();
  }

  @Test
  void readsWhatTheHostHas() {
    assertEquals("text", box.read("/a/b/file"));
    assertEquals(List.of("file"), box.list("/a/b"));
    assertEquals(4, box.stat("/a/b/file").byteSize());
    assertEquals(FileType.DIRECTORY, box.stat("/a").type());
  }

  @Test
  void seesWhatOthersChange() throws IOException {
    assertErrno(Errno.ENOENT, () -> box.read("/new"));
    Files.writeString(host.resolve("root/new"), "one");
    assertEquals("one", box.read("/new"));
    Files.writeString(host.resolve("root/new"), "three");
    assertEquals(5, box.stat("/new").byteSize());
    assertEquals("three", box.read("/new"));
    Files.delete(host.resolve("root/new"));
    assertErrno(Errno.ENOENT, () -> box.read("/new"));
  }

  @Test
  void writesReachTheHost() throws IOException {
    box.write("/a/new", "hello");
    assertEquals("hello", Files.readString(host.resolve("root/a/new")));
    FileDescription open = box.open("/a/new", OpenFlags.READ_WRITE | OpenFlags.APPEND);
    open.write(Sandbox.source(" world"));
    open.decRef();
    assertEquals("hello world", Files.readString(host.resolve("root/a/new")));
    box.vfs.setAttributes(
        box.context, box.resolve("/a/new", 0), AttributeChange.NONE.withByteSize(3));
    assertEquals("hel", Files.readString(host.resolve("root/a/new")));
    box.vfs.setAttributes(
        box.context, box.resolve("/a/new", 0), AttributeChange.NONE.withByteSize(6));
    assertEquals("hel\0\0\0", Files.readString(host.resolve("root/a/new")));
  }

  @Test
  void namesAreMadeMovedAndRemoved() throws IOException {
    box.mkdir("/d");
    box.write("/d/f", "f");
    box.link("/d/f", "/d/g");
    assertEquals(2, box.stat("/d/f").linkCount());
    assertEquals(box.stat("/d/f").inode(), box.stat("/d/g").inode());
    box.symlink("f", "/d/l");
    assertEquals("f", box.read("/d/l"));
    assertEquals(Path.of("f"), Files.readSymbolicLink(host.resolve("root/d/l")));
    box.rename("/d/f", "/moved");
    assertEquals("f", box.read("/moved"));
    assertFalse(Files.exists(host.resolve("root/d/f")));
    box.rename("/d", "/e");
    assertEquals("f", box.read("/e/g"));
    assertErrno(Errno.ENOTEMPTY, () -> box.rmdir("/e"));
    box.unlink("/e/g");
    box.unlink("/e/l");
    box.rmdir("/e");
    assertFalse(Files.exists(host.resolve("root/e"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void modesAndTimesAreSet() throws IOException {
    box.write("/f", "");
    box.vfs.setAttributes(
        box.context,
        box.resolve("/f", 0),
        AttributeChange.NONE
            .withMode(04751)
            .withAccessTime(1_000_000_007L)
            .withModificationTime(2_000_000_009L));
    assertEquals(0104751, box.stat("/f").mode());
    assertEquals(1_000_000_007L, box.stat("/f").accessTime());
    assertEquals(2_000_000_009L, box.stat("/f").modificationTime());
    box.mkdir("/d");
    assertEquals(040755, box.stat("/d").mode());
  }

  @Test
  void showsTheSpaceThatTheHostSaysIsTaken() throws IOException {
    List<String> asked = new ArrayList<>();
    HostSpace space =
        (directory, name) -> {
          Path place = Path.of("/proc/self/fd", Integer.toString(directory));
          asked.add(host.relativize(place.toRealPath()) + " " + new String(name, ISO_8859_1));
          return 7L;
        };
    try (Sandbox asking =
        new Sandbox(
            context ->
                new HostFileSystem(
                    context, HostOptions.lower(host.resolve("root")).withSpace(space)))) {
      assertEquals(7, asking.stat("/a/b/file").blockCount());
      assertEquals(7, asking.stat("/a/b/file").blockCount());
      assertEquals(7, asking.stat("/").blockCount());
    }
    assertEquals(List.of("root/a/b file", "root ."), asked);
    assertEquals(1, box.stat("/a/b/file").blockCount(), "what is made up of the length");
  }

  @Test
  void unlinkedFileLivesWhileOpen() {
    FileDescription open = box.open("/a/b/file", OpenFlags.READ_WRITE);
    box.unlink("/a/b/file");
    assertEquals("text", Sandbox.readAll(open));
    open.write(Sandbox.source("more"));
    assertEquals("textmore", Sandbox.readAt(open, 0, 100));
    assertEquals(0, open.attributes().linkCount());
    assertEquals(8, open.attributes().byteSize());
    open.decRef();
  }

  @Test
  void namesMayHaveAnyBytes() throws IOException {
    String name = "\u00ff\u00c3 x%41+\u0001";
    box.write("/" + name, "odd");
    box.mkdir("/d\u00e9");
    box.write("/d\u00e9/\u00e9", "inner");
    box.symlink("d\u00e9/\u00e9", "/l\u00e9");
    assertTrue(box.list("/").contains(name));
    assertTrue(box.list("/").contains("d\u00e9"));
    assertEquals("odd", box.read("/" + name));
    assertEquals("inner", box.read("/l\u00e9"));
    URI uri = URI.create(host.toUri() + "root/%FF%C3%20x%2541+%01");
    assertEquals("odd", Files.readString(Path.of(uri)));
  }

  @Test
  void pathsOutsideAreNotReached() throws IOException {
    Files.createSymbolicLink(host.resolve("root/up"), Path.of("../secret"));
    Files.createSymbolicLink(host.resolve("root/absolute"), host.resolve("secret"));
    Files.createSymbolicLink(host.resolve("root/dir"), host);
    assertErrno(Errno.ENOENT, () -> box.read("/../secret"));
    assertErrno(Errno.ENOENT, () -> box.read("/up"));
    assertErrno(Errno.ENOENT, () -> box.read("/absolute"));
    assertErrno(Errno.ENOENT, () -> box.read("/dir/secret"));
    assertErrno(Errno.ENOENT, () -> box.read("/a/../../secret"));
  }

  @Test
  void directoryReplacedByLinkIsNotFollowed() throws IOException {
    assertEquals("text", box.read("/a/b/file"));
    FileDescription open = box.open("/a/b", OpenFlags.DIRECTORY);
    Files.move(host.resolve("root/a/b"), host.resolve("root/a/elsewhere"));
    Files.createSymbolicLink(host.resolve("root/a/b"), host);
    assertErrno(Errno.ENOENT, () -> box.read("/a/b/secret"));
    assertErrno(Errno.ENOENT, () -> box.vfs.open(box.context, open.location(), "secret", 0, 0, 0));
    open.decRef();
  }

  @Test
  void manyDirectoriesNeedFewDescriptors() throws IOException {
    for (int i = 0; i < 40; i++) {
      Files.createDirectories(host.resolve("root/deep/d" + i + "/e"));
      Files.writeString(host.resolve("root/deep/d" + i + "/e/f"), "" + i);
    }
    long before = openDescriptors();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 40; i++) {
        assertEquals("" + i, box.read("/deep/d" + i + "/e/f"));
      }
    }
    assertTrue(openDescriptors() - before <= 6);
  }

  private static long openDescriptors() throws IOException {
    try (var list = Files.list(Path.of("/proc/self/fd"))) {
      return list.count();
    }
  }

  @Test
  void pseudoFileSystemsOfTheHostAreEmpty() {
    HostFileSystem everything =
        new HostFileSystem(box.vfs.newContext(), HostOptions.lower(Path.of("/")));
    box.mkdir("/mnt");
    box.vfs.mount(everything, "/", box.resolve("/mnt", 0), 0);
    assertEquals(List.of(), box.list("/mnt/proc"));
    assertErrno(Errno.ENOENT, () -> box.read("/mnt/proc/self/environ"));
    assertErrno(Errno.EROFS, () -> box.write("/mnt/x", ""));
    box.vfs.unmount(box.resolve("/mnt", 0), false);
  }

  @Test
  void oneFileIsOneInodeUnderAllItsNames() throws IOException {
    Files.createLink(host.resolve("root/second"), host.resolve("root/a/b/file"));
    assertSame(box.resolve("/second", 0).inode(), box.resolve("/a/b/file", 0).inode());
    box.unlink("/second");
    assertEquals("text", box.read("/a/b/file"));
  }
}
