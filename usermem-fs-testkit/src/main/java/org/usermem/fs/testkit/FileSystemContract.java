package org.usermem.fs.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.fs.testkit.MountedFileSystem.assertErrno;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.fs.Directory;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.Inode;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.Whence;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.sequence.Sink;

/**
 * What every file system does, whether or not it can be written to. A test class of a file system
 * extends this, or {@link WritableFileSystemContract}.
 */
public abstract class FileSystemContract {

  /** A text of several pages in which no two places look alike. */
  protected static final String LARGE = large(3 * 4096 + 123);

  /** The file system under test, mounted; a new one for each test. */
  protected MountedFileSystem mounted;

  /** Creates the tests. */
  @SuppressWarnings("NullAway.Init") // mount() does it
  protected FileSystemContract() {}

  /**
   * Makes a file system with some files in it.
   *
   * @param context what the VFS gives to a file system
   * @param files contents by path; paths are absolute, each after those of the directories that it
   *     is in, which are not in the map
   * @return the file system; closed by the test
   * @throws Exception if it can't be made
   */
  protected abstract FileSystem create(FileSystemContext context, Map<String, String> files)
      throws Exception;

  /** Returns what the file system does without. */
  protected Set<Feature> missing() {
    return EnumSet.noneOf(Feature.class);
  }

  /** Skips the test if the file system does without a feature. */
  protected final void requires(Feature feature) {
    Assumptions.assumeFalse(missing().contains(feature), () -> "has no " + feature);
  }

  private static String large(int byteCount) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < byteCount; i++) {
      text.append(i).append(' ');
    }
    return text.substring(0, byteCount);
  }

  /** Returns the files that the tests look at: contents by path. */
  protected static final Map<String, String> files() {
    Map<String, String> files = new TreeMap<>();
    files.put("/empty", "");
    files.put("/small", "some text");
    files.put("/large", LARGE);
    files.put("/directory/file", "in a directory");
    files.put("/directory/inner/file", "further down");
    for (int i = 0; i < 30; i++) {
      files.put("/many/file" + i, "number " + i);
    }
    return files;
  }

  /** Mounts a new file system. */
  @BeforeEach
  public final void mount() throws Exception {
    mounted = new MountedFileSystem(context -> create(context, files()));
    fill(files());
  }

  /** Puts files into a file system that was just mounted, if making it did not. */
  void fill(Map<String, String> files) {}

  /** Unmounts it and checks that it has given everything back. */
  @AfterEach
  public final void unmount() {
    mounted.close();
  }

  /** The root is one object, and a directory. */
  @Test
  public void rootIsAlwaysTheSameDirectory() {
    Directory root = mounted.fileSystem().root();
    assertSame(root, mounted.fileSystem().root());
    assertEquals(FileType.DIRECTORY, root.type());
    assertEquals(FileType.DIRECTORY, root.attributes().type());
  }

  /** Contents are what they are. */
  @Test
  public void filesAreReadWhole() {
    files().forEach((path, text) -> assertEquals(text, mounted.read(path), path));
  }

  /** A name that is not there is no error of the file system. */
  @Test
  public void missingNameIsNull() {
    assertNull(mounted.fileSystem().root().lookup("missing"));
    assertErrno(Errno.ENOENT, () -> mounted.read("/directory/missing"));
  }

  /** A file is one inode as long as somebody holds it. */
  @Test
  public void sameNameIsSameInode() {
    Inode first = mounted.inode("/directory/file");
    assertNotNull(first);
    assertSame(first, mounted.inode("/directory/../directory/file"));
    Directory directory = (Directory) mounted.inode("/directory");
    assertSame(first, directory.lookup("file"));
  }

  /** Numbers tell files apart. */
  @Test
  public void inodeNumbersAreUnique() {
    Map<Long, String> seen = new HashMap<>();
    for (String path : files().keySet()) {
      FileAttributes attributes = mounted.stat(path);
      assertNull(seen.put(attributes.inode(), path), path);
      assertEquals(mounted.fileSystem().deviceId(), attributes.device());
      assertEquals(mounted.inode(path).number(), attributes.inode());
    }
  }

  /** stat(2) agrees with what is read. */
  @Test
  public void attributesAgreeWithContents() {
    files()
        .forEach(
            (path, text) -> {
              FileAttributes attributes = mounted.stat(path);
              assertEquals(FileType.REGULAR, attributes.type(), path);
              assertEquals(text.length(), attributes.byteSize(), path);
              assertTrue(attributes.linkCount() >= 1, path);
              Inode inode = mounted.inode(path);
              assertEquals(attributes.mode(), inode.mode(), path);
              assertEquals(attributes.userId(), inode.userId(), path);
              assertEquals(attributes.groupId(), inode.groupId(), path);
            });
  }

  /** A listing shows each entry once, with the type and number that stat(2) shows. */
  @Test
  public void listingShowsEachEntryOnce() {
    FileDescription directory = mounted.open("/", OpenFlags.DIRECTORY);
    Set<String> names = new TreeSet<>();
    directory.list(
        (name, type, inode, next) -> {
          assertTrue(names.add(name), name);
          if (!name.equals("..")) {
            assertEquals(mounted.stat("/" + name).type(), type, name);
            assertEquals(mounted.stat("/" + name).inode(), inode, name);
          }
          return true;
        });
    assertEquals(
        new TreeSet<>(Set.of(".", "..", "empty", "small", "large", "directory", "many")), names);
    directory.decRef();
  }

  /** A listing in small parts shows what one in a single part shows. */
  @Test
  public void listingGoesOnWhereItEnded() {
    List<String> whole = mounted.list("/many");
    assertEquals(30, whole.size());
    FileDescription directory = mounted.open("/many", OpenFlags.DIRECTORY);
    List<String> parts = new ArrayList<>();
    int before;
    do {
      before = parts.size();
      int end = before + 3;
      directory.list((name, type, inode, next) -> parts.size() < end && parts.add(name));
    } while (parts.size() > before);
    assertEquals(whole, parts.subList(2, parts.size()));
    directory.seek(0, Whence.SET);
    List<String> again = new ArrayList<>();
    directory.list((name, type, inode, next) -> again.add(name));
    assertEquals(parts, again);
    directory.decRef();
  }

  /** An offset of a listing can be gone back to, as telldir(3) and seekdir(3) do. */
  @Test
  public void listingCanBeSetBack() {
    FileDescription directory = mounted.open("/many", OpenFlags.DIRECTORY);
    Map<String, Long> offsets = new HashMap<>();
    List<String> names = new ArrayList<>();
    directory.list(
        (name, type, inode, next) -> {
          offsets.put(name, next);
          return names.add(name);
        });
    for (int i = 0; i + 1 < names.size(); i++) {
      directory.seek(offsets.getOrDefault(names.get(i), -1L), Whence.SET);
      List<String> rest = new ArrayList<>();
      directory.list((name, type, inode, next) -> rest.add(name));
      assertEquals(names.subList(i + 1, names.size()), rest);
    }
    directory.decRef();
  }

  /** Reads at all kinds of offsets. */
  @Test
  public void readsAtAnyOffset() {
    FileDescription file = mounted.open("/large", OpenFlags.READ_ONLY);
    for (int offset : new int[] {0, 1, 4095, 4096, 4097, 8191, LARGE.length() - 1}) {
      for (int count : new int[] {1, 2, 4095, 4096, 4097, 10_000}) {
        int end = Math.min(LARGE.length(), offset + count);
        assertEquals(LARGE.substring(offset, end), MountedFileSystem.readAt(file, offset, count));
      }
    }
    assertEquals("", MountedFileSystem.readAt(file, LARGE.length(), 10));
    assertEquals("", MountedFileSystem.readAt(file, Long.MAX_VALUE - 10, 10));
    assertErrno(Errno.EINVAL, () -> MountedFileSystem.readAt(file, -1, 10));
    assertEquals(0, file.read(Sink.of(new byte[0])));
    file.decRef();
  }

  /** A buffer that is bad from some byte on takes what lies before it, and no byte is lost. */
  @Test
  public void readIntoMemoryThatEndsIsShort() {
    FileDescription file = mounted.open("/large", OpenFlags.READ_ONLY);
    int done = 0;
    for (int faultAt : new int[] {1, 100, 4096, 5000}) {
      FaultingSink sink = new FaultingSink(6000, faultAt);
      int expected = Math.min(faultAt, LARGE.length() - done);
      assertEquals(expected, file.read(sink));
      assertEquals(LARGE.substring(done, done + expected), sink.text(expected));
      done += expected;
      assertEquals(done, file.seek(0, Whence.CURRENT));
    }
    file.decRef();
  }

  /** A buffer that is bad from its first byte takes nothing, and the position stays. */
  @Test
  public void readIntoBadMemoryMovesNothing() {
    FileDescription file = mounted.open("/large", OpenFlags.READ_ONLY);
    assertErrno(Errno.EFAULT, () -> file.read(new FaultingSink(100, 0)));
    assertErrno(
        Errno.EFAULT, () -> file.readAt(new FaultingSink(100, 0), 50, TransferOptions.DEFAULT));
    assertEquals(0, file.seek(0, Whence.CURRENT));
    assertEquals(LARGE, MountedFileSystem.readAll(file));
    file.decRef();
  }

  /** lseek(2). */
  @Test
  public void seeksBySetCurrentAndEnd() {
    FileDescription file = mounted.open("/small", OpenFlags.READ_ONLY);
    assertEquals(5, file.seek(5, Whence.SET));
    assertEquals("text", MountedFileSystem.readAll(file));
    assertEquals(3, file.seek(-6, Whence.CURRENT));
    assertEquals(7, file.seek(-2, Whence.END));
    assertEquals("xt", MountedFileSystem.readAll(file));
    assertEquals(1000, file.seek(1000, Whence.SET));
    assertEquals("", MountedFileSystem.readAll(file));
    assertErrno(Errno.EINVAL, () -> file.seek(-1, Whence.SET));
    assertErrno(Errno.EINVAL, () -> file.seek(-100, Whence.END));
    assertErrno(Errno.EINVAL, () -> file.seek(Long.MAX_VALUE, Whence.CURRENT));
    file.decRef();
  }

  /** SEEK_DATA and SEEK_HOLE of a file that is all data. */
  @Test
  public void endOfFileIsAHole() {
    FileDescription file = mounted.open("/small", OpenFlags.READ_ONLY);
    assertEquals(0, file.seek(0, Whence.DATA));
    assertEquals(9, file.seek(0, Whence.HOLE));
    assertErrno(Errno.ENXIO, () -> file.seek(9, Whence.DATA));
    assertErrno(Errno.ENXIO, () -> file.seek(9, Whence.HOLE));
    assertErrno(Errno.ENXIO, () -> file.seek(-1, Whence.DATA));
    file.decRef();
  }

  /** Writing needs a description that is open for it. */
  @Test
  public void readOnlyDescriptionIsNotWritten() {
    FileDescription file = mounted.open("/small", OpenFlags.READ_ONLY);
    assertErrno(Errno.EBADF, () -> file.write(MountedFileSystem.source("x")));
    assertErrno(Errno.EINVAL, () -> file.truncate(0, TransferOptions.DEFAULT));
    file.decRef();
  }

  /** A directory can't be read as a file, nor a file listed. */
  @Test
  public void kindsAreNotMixedUp() {
    FileDescription directory = mounted.open("/directory", OpenFlags.READ_ONLY);
    assertErrno(Errno.EISDIR, () -> directory.read(Sink.of(new byte[10])));
    directory.decRef();
    assertErrno(Errno.EISDIR, () -> mounted.open("/directory", OpenFlags.WRITE_ONLY));
    assertErrno(Errno.ENOTDIR, () -> mounted.open("/small", OpenFlags.DIRECTORY));
    FileDescription file = mounted.open("/small", OpenFlags.READ_ONLY);
    assertErrno(Errno.ENOTDIR, () -> file.list((name, type, inode, next) -> true));
    file.decRef();
  }

  /**
   * A mapping shows the bytes of the file, zeroes after its end, and nothing beyond its last page.
   */
  @Test
  public void mappingShowsTheFile() {
    requires(Feature.MAPPING);
    try (TestMapping mapping = new TestMapping(mounted, "/large", OpenFlags.READ_ONLY, 5, false)) {
      assertEquals(LARGE.substring(0, 4096), mapping.text(0, 4096));
      assertEquals(LARGE.substring(4000, 9000), mapping.text(4000, 5000));
      assertEquals(LARGE.substring(3 * 4096), mapping.text(3 * 4096, 123));
      assertEquals("\0".repeat(100), mapping.text(3 * 4096 + 123, 100));
      assertEquals(4 * 4096, mapping.reach());
    }
  }

  /** statfs(2) has something to say. */
  @Test
  public void fileSystemHasAttributes() {
    assertTrue(mounted.fileSystem().attributes().blockByteSize() > 0);
    assertTrue(mounted.fileSystem().attributes().nameByteLimit() > 0);
  }

  /** Many readers at once, each at its own place. */
  @Test
  public void readersDoNotDisturbEachOther() throws Exception {
    FileDescription file = mounted.open("/large", OpenFlags.READ_ONLY);
    Race.run(
        4,
        seed -> {
          Random random = new Random(seed);
          for (int i = 0; i < 500; i++) {
            int offset = random.nextInt(LARGE.length());
            int end = Math.min(LARGE.length(), offset + random.nextInt(6000) + 1);
            assertEquals(
                LARGE.substring(offset, end), MountedFileSystem.readAt(file, offset, end - offset));
          }
        });
    file.decRef();
  }

  /** Readers that share a position get each byte once. */
  @Test
  public void sharedPositionGivesEachByteOnce() throws Exception {
    FileDescription file = mounted.open("/large", OpenFlags.READ_ONLY);
    boolean[] seen = new boolean[LARGE.length()];
    Race.run(
        4,
        seed -> {
          while (true) {
            byte[] bytes = new byte[7];
            int count = (int) file.read(Sink.of(bytes));
            if (count == 0) {
              return;
            }
            synchronized (seen) {
              String text = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
              int at = -1;
              do {
                at = LARGE.indexOf(text, at + 1);
              } while (at >= 0 && (at % 7 != 0 || seen[at]));
              assertTrue(at >= 0, text);
              for (int i = 0; i < count; i++) {
                seen[at + i] = true;
              }
            }
          }
        });
    for (boolean each : seen) {
      assertTrue(each);
    }
    file.decRef();
  }
}
