package org.usermem.fs.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.fs.testkit.MountedFileSystem.assertErrno;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.ExtendedAttributeMode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.Inode;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.RenameFlags;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.sequence.Sink;

/**
 * What a file system does that can be written to: names and attributes; see its superclass for
 * bytes.
 */
public abstract class WritableFileSystemContract extends WritableContentsContract {

  /** Creates the tests. */
  protected WritableFileSystemContract() {}

  /** Makes an empty file system, which the test fills through the VFS. */
  protected abstract FileSystem create(FileSystemContext context) throws Exception;

  @Override
  protected final FileSystem create(FileSystemContext context, Map<String, String> files)
      throws Exception {
    return create(context);
  }

  /** Returns whether what is made has the files of {@link #files} in it already. */
  protected boolean isFilled() {
    return false;
  }

  @Override
  final void fill(Map<String, String> files) {
    if (isFilled()) {
      return;
    }
    files.forEach(
        (path, text) -> {
          for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            String directory = path.substring(0, slash);
            try {
              mounted.makeDirectory(directory);
            } catch (LinuxException e) {
              assertEquals(Errno.EEXIST, e.errno());
            }
          }
          mounted.write(path, text);
        });
  }

  /** A file is created once. */
  @Test
  public void exclusiveCreationFailsTheSecondTime() {
    int flags = OpenFlags.CREATE | OpenFlags.EXCLUSIVE | OpenFlags.WRITE_ONLY;
    mounted.open("/once", flags).decRef();
    assertErrno(Errno.EEXIST, () -> mounted.open("/once", flags));
    assertErrno(Errno.EEXIST, () -> mounted.makeDirectory("/once"));
  }

  /** New files have the mode that was asked for, without the umask. */
  @Test
  public void newFilesHaveTheirMode() {
    mounted.write("/new", "");
    assertEquals(FileType.REGULAR.modeBits() | 0644, mounted.stat("/new").mode());
    mounted.makeDirectory("/newdir");
    assertEquals(FileType.DIRECTORY.modeBits() | 0755, mounted.stat("/newdir").mode());
    assertEquals(2, mounted.stat("/newdir").linkCount());
  }

  /** Directories are made, filled and removed. */
  @Test
  public void directoriesComeAndGo() {
    mounted.makeDirectory("/d");
    mounted.write("/d/f", "f");
    assertEquals(List.of("f"), mounted.list("/d"));
    assertErrno(Errno.ENOTEMPTY, () -> mounted.removeDirectory("/d"));
    mounted.unlink("/d/f");
    mounted.removeDirectory("/d");
    assertErrno(Errno.ENOENT, () -> mounted.stat("/d"));
  }

  /** What is in a file is there as long as it is open. */
  @Test
  public void unlinkedFileLivesWhileOpen() {
    requires(Feature.UNLINKED_FILES);
    FileDescription file = mounted.open("/small", OpenFlags.READ_WRITE);
    mounted.unlink("/small");
    assertErrno(Errno.ENOENT, () -> mounted.stat("/small"));
    assertEquals(0, file.attributes().linkCount());
    assertEquals("some text", MountedFileSystem.readAll(file));
    MountedFileSystem.writeFully(file, " and more");
    assertEquals("some text and more", MountedFileSystem.readAt(file, 0, 100));
    mounted.write("/small", "another");
    assertEquals("another", mounted.read("/small"));
    assertEquals("some text and more", MountedFileSystem.readAt(file, 0, 100));
    file.decRef();
  }

  /** Hard links are one file. */
  @Test
  public void hardLinksAreOneFile() {
    requires(Feature.HARD_LINKS);
    mounted.link("/small", "/directory/second");
    assertSame(mounted.inode("/small"), mounted.inode("/directory/second"));
    assertEquals(2, mounted.stat("/small").linkCount());
    mounted.write("/directory/second", "changed");
    assertEquals("changed", mounted.read("/small"));
    mounted.unlink("/small");
    assertEquals(1, mounted.stat("/directory/second").linkCount());
    assertEquals("changed", mounted.read("/directory/second"));
  }

  /** Symbolic links keep their text. */
  @Test
  public void symbolicLinksKeepTheirText() {
    requires(Feature.SYMBOLIC_LINKS);
    mounted.symlink("../small", "/directory/link");
    assertEquals("some text", mounted.read("/directory/link"));
    assertEquals(
        "../small",
        mounted.vfs().readLink(mounted.context(), mounted.root(), "/directory/link", 0));
    assertEquals(FileType.SYMBOLIC_LINK, mounted.inode("/directory/link").type());
    assertEquals(8, mounted.inode("/directory/link").attributes().byteSize());
    mounted.unlink("/directory/link");
    assertEquals("some text", mounted.read("/small"));
  }

  /** A FIFO is a FIFO. */
  @Test
  public void fifosAreMade() {
    requires(Feature.SPECIAL_FILES);
    mounted.vfs().makeNode(mounted.context(), mounted.root(), "/fifo", FileType.FIFO, 0600, 0);
    assertEquals(FileType.FIFO.modeBits() | 0600, mounted.stat("/fifo").mode());
    FileDescription both = mounted.open("/fifo", OpenFlags.READ_WRITE);
    both.write(MountedFileSystem.source("through"));
    byte[] bytes = new byte[10];
    assertEquals(7, both.read(Sink.of(bytes)));
    both.decRef();
  }

  /** rename(2) within a directory and across, over what is there and over nothing. */
  @Test
  public void renameMovesAndReplaces() {
    Inode inode = mounted.inode("/small");
    mounted.rename("/small", "/moved", 0);
    assertSame(inode, mounted.inode("/moved"));
    assertErrno(Errno.ENOENT, () -> mounted.read("/small"));
    mounted.rename("/moved", "/directory/file", 0);
    assertEquals("some text", mounted.read("/directory/file"));
    assertEquals(List.of("file", "inner"), mounted.list("/directory").stream().sorted().toList());
    assertErrno(Errno.ENOENT, () -> mounted.rename("/moved", "/x", 0));
    assertErrno(Errno.EEXIST, () -> mounted.rename("/empty", "/large", RenameFlags.NO_REPLACE));
  }

  /** A directory moves with all that is in it, and replaces only an empty one. */
  @Test
  public void renameMovesDirectories() {
    mounted.makeDirectory("/target");
    mounted.rename("/directory", "/target", 0);
    assertEquals("further down", mounted.read("/target/inner/file"));
    assertErrno(Errno.ENOENT, () -> mounted.list("/directory"));
    mounted.makeDirectory("/other");
    assertErrno(Errno.ENOTEMPTY, () -> mounted.rename("/other", "/target", 0));
    assertErrno(Errno.EISDIR, () -> mounted.rename("/small", "/other", 0));
    assertErrno(Errno.ENOTDIR, () -> mounted.rename("/other", "/small", 0));
    assertErrno(Errno.EINVAL, () -> mounted.rename("/target", "/target/inner/x", 0));
    mounted.rename("/target/inner", "/other", 0);
    assertEquals("further down", mounted.read("/other/file"));
  }

  /** RENAME_EXCHANGE. */
  @Test
  public void renameExchanges() {
    requires(Feature.EXCHANGE);
    mounted.rename("/small", "/directory", RenameFlags.EXCHANGE);
    assertEquals("some text", mounted.read("/directory"));
    assertEquals("in a directory", mounted.read("/small/file"));
  }

  /** An open file follows its names. */
  @Test
  public void renamedFileStaysOpen() {
    FileDescription file = mounted.open("/small", OpenFlags.READ_WRITE);
    mounted.rename("/small", "/directory/moved", 0);
    MountedFileSystem.writeAt(file, 0, "SOME");
    assertEquals("SOME text", mounted.read("/directory/moved"));
    file.decRef();
  }

  /** A file that is replaced lives while it is open. */
  @Test
  public void replacedFileLivesWhileOpen() {
    requires(Feature.UNLINKED_FILES);
    FileDescription file = mounted.open("/small", OpenFlags.READ_ONLY);
    mounted.rename("/large", "/small", 0);
    assertEquals("some text", MountedFileSystem.readAll(file));
    assertEquals(LARGE, mounted.read("/small"));
    file.decRef();
  }

  /** What exists during all of a listing is shown once, whatever comes and goes meanwhile. */
  @Test
  public void listingIsStable() {
    FileDescription directory = mounted.open("/many", OpenFlags.DIRECTORY);
    ArrayList<String> names = new ArrayList<>();
    int round = 0;
    int before;
    do {
      before = names.size();
      int end = before + 5;
      directory.list((name, type, inode, next) -> names.size() < end && names.add(name));
      mounted.write("/many/new" + round, "");
      mounted.unlink("/many/file" + round);
      round++;
    } while (names.size() > before && round < 25);
    for (int i = 25; i < 30; i++) {
      String name = "file" + i;
      assertEquals(1, names.stream().filter(name::equals).count(), name);
    }
    assertEquals(names.size(), new TreeSet<>(names).size());
    directory.decRef();
  }

  /** chmod(2) and chown(2). */
  @Test
  public void ownershipAndModeAreKept() {
    requires(Feature.OWNERSHIP);
    mounted.change("/small", AttributeChange.NONE.withOwner(1234, 4321));
    mounted.change("/small", AttributeChange.NONE.withMode(06751));
    assertEquals(FileType.REGULAR.modeBits() | 06751, mounted.stat("/small").mode());
    assertEquals(1234, mounted.stat("/small").userId());
    assertEquals(4321, mounted.stat("/small").groupId());
    mounted.change("/directory", AttributeChange.NONE.withMode(01777));
    assertEquals(FileType.DIRECTORY.modeBits() | 01777, mounted.stat("/directory").mode());
  }

  /** utimensat(2), to the nanosecond. */
  @Test
  public void timesAreKept() {
    mounted.change(
        "/small",
        AttributeChange.NONE
            .withAccessTime(1_234_567_890_123_456_789L)
            .withModificationTime(987_654_321_000_000_001L));
    assertEquals(1_234_567_890_123_456_789L, mounted.stat("/small").accessTime());
    assertEquals(987_654_321_000_000_001L, mounted.stat("/small").modificationTime());
  }

  /** Extended attributes of the namespace "user". */
  @Test
  public void extendedAttributesAreKept() {
    requires(Feature.EXTENDED_ATTRIBUTES);
    Inode inode = mounted.inode("/small");
    byte[] value = {1, 0, 2};
    var any = ExtendedAttributeMode.SET;
    inode.extendedAttributes().set("user.one", value, any);
    inode.extendedAttributes().set("user.two", new byte[0], any);
    assertEquals(List.of(1, 0, 2), bytes(inode.extendedAttributes().get("user.one")));
    assertEquals(List.of(), bytes(inode.extendedAttributes().get("user.two")));
    assertEquals(
        new TreeSet<>(List.of("user.one", "user.two")),
        new TreeSet<>(inode.extendedAttributes().names()));
    assertErrno(
        Errno.EEXIST,
        () -> inode.extendedAttributes().set("user.one", value, ExtendedAttributeMode.CREATE));
    assertErrno(
        Errno.ENODATA,
        () -> inode.extendedAttributes().set("user.three", value, ExtendedAttributeMode.REPLACE));
    inode.extendedAttributes().remove("user.one");
    assertErrno(Errno.ENODATA, () -> inode.extendedAttributes().get("user.one"));
    assertErrno(Errno.ENODATA, () -> inode.extendedAttributes().remove("user.one"));
  }

  private static List<Integer> bytes(byte[] value) {
    ArrayList<Integer> list = new ArrayList<>();
    for (byte each : value) {
      list.add((int) each);
    }
    return list;
  }

  /** O_TMPFILE, and giving the file a name after all. */
  @Test
  public void temporaryFileIsNamedLater() {
    requires(Feature.TEMPORARY_FILES);
    List<String> before = mounted.list("/directory");
    FileDescription file = mounted.open("/directory", OpenFlags.TEMPORARY | OpenFlags.READ_WRITE);
    MountedFileSystem.writeFully(file, "hidden");
    assertEquals(before, mounted.list("/directory"));
    mounted
        .vfs()
        .makeLink(
            mounted.context(),
            file.location(),
            "",
            mounted.root(),
            "/named",
            LookupFlags.EMPTY_PATH);
    file.decRef();
    assertEquals("hidden", mounted.read("/named"));
    mounted.open("/directory", OpenFlags.TEMPORARY | OpenFlags.READ_WRITE).decRef();
  }

  /** Names are bytes. */
  @Test
  public void namesMayHaveAnyBytes() {
    requires(Feature.ANY_NAME);
    for (String name :
        new String[] {
          "\u00ff\u0001", "a b%20c", "\\", "...", "\u00c3\u00a4", "\u00c3", "x".repeat(255)
        }) {
      mounted.write("/" + name, name);
      assertTrue(mounted.list("/").contains(name), name);
      assertEquals(name, mounted.read("/" + name));
      mounted.rename("/" + name, "/directory/" + name, 0);
      mounted.unlink("/directory/" + name);
    }
    assertErrno(Errno.ENAMETOOLONG, () -> mounted.write("/" + "x".repeat(256), ""));
  }

  /** Of many who create the same name, one does; many names are created at once. */
  @Test
  public void namesAreCreatedOnceByManyThreads() throws Exception {
    AtomicInteger created = new AtomicInteger();
    Race.run(
        4,
        thread -> {
          for (int i = 0; i < 50; i++) {
            try {
              mounted
                  .open(
                      "/many/shared" + i,
                      OpenFlags.CREATE | OpenFlags.EXCLUSIVE | OpenFlags.WRITE_ONLY)
                  .decRef();
              created.incrementAndGet();
            } catch (LinuxException e) {
              assertEquals(Errno.EEXIST, e.errno());
            }
            mounted.write("/many/own" + thread + "-" + i, "" + i);
          }
        });
    assertEquals(50, created.get());
    assertEquals(30 + 50 + 200, mounted.list("/many").size());
    assertEquals("49", mounted.read("/many/own3-49"));
  }

  /** A name that is moved to and fro is never in two places, and is where it was moved to. */
  @Test
  public void renamesRaceWithLookups() throws Exception {
    mounted.makeDirectory("/left");
    mounted.makeDirectory("/right");
    mounted.write("/left/f", "f");
    Race.run(
        3,
        thread -> {
          for (int i = 0; i < 200; i++) {
            if (thread == 0) {
              mounted.rename("/left/f", "/right/f", 0);
              mounted.rename("/right/f", "/left/f", 0);
              continue;
            }
            try {
              assertEquals("f", mounted.read(thread == 1 ? "/left/f" : "/right/f"));
            } catch (LinuxException e) {
              assertEquals(Errno.ENOENT, e.errno());
            }
          }
        });
    assertEquals("f", mounted.read("/left/f"));
    assertEquals(List.of(), mounted.list("/right"));
  }
}
