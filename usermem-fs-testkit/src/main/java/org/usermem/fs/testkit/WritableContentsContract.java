package org.usermem.fs.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.fs.testkit.MountedFileSystem.assertErrno;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AllocateMode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.Whence;
import org.usermem.fs.attribute.AttributeChange;

/** What a file system does with the bytes of files that can be written. */
public abstract class WritableContentsContract extends FileSystemContract {

  private static final int PAGE_BYTE_SIZE = 4096;

  /** Creates the tests. */
  protected WritableContentsContract() {}

  private FileDescription open(String path) {
    return mounted.open(path, OpenFlags.READ_WRITE | OpenFlags.CREATE);
  }

  /** Writing moves the position and grows the file. */
  @Test
  public void writesAtThePosition() {
    FileDescription file = open("/new");
    assertEquals(5, MountedFileSystem.writeFully(file, "hello"));
    assertEquals(5, file.seek(0, Whence.CURRENT));
    assertEquals(6, MountedFileSystem.writeFully(file, " world"));
    assertEquals(11, file.attributes().byteSize());
    file.seek(4, Whence.SET);
    MountedFileSystem.writeFully(file, "0");
    assertEquals("hell0 world", mounted.read("/new"));
    file.decRef();
  }

  /** pwrite(2) leaves the position alone. */
  @Test
  public void writesAtAnOffset() {
    FileDescription file = open("/large");
    for (int offset : new int[] {0, 1, 4094, 4096, 8000}) {
      assertEquals(5, MountedFileSystem.writeAt(file, offset, "WRITE"));
      assertEquals("WRITE", MountedFileSystem.readAt(file, offset, 5));
    }
    assertEquals(0, file.seek(0, Whence.CURRENT));
    assertEquals(LARGE.length(), file.attributes().byteSize());
    assertEquals(LARGE.substring(8005), mounted.read("/large").substring(8005));
    file.decRef();
  }

  /** What was never written between two parts of a file reads as zeroes. */
  @Test
  public void gapsReadAsZeroes() {
    FileDescription file = open("/new");
    MountedFileSystem.writeAt(file, 0, "start");
    MountedFileSystem.writeAt(file, 20_000, "end");
    assertEquals(20_003, file.attributes().byteSize());
    assertEquals("start" + "\0".repeat(19_995) + "end", mounted.read("/new"));
    file.decRef();
  }

  /** A buffer that is bad from some byte on gives what lies before it. */
  @Test
  public void writeFromMemoryThatEndsIsShort() {
    FileDescription file = open("/new");
    String expected = "";
    for (int faultAt : new int[] {1, 100, 4096, 5000}) {
      assertEquals(faultAt, file.write(new FaultingSource(LARGE.substring(0, 6000), faultAt)));
      expected += LARGE.substring(0, faultAt);
      assertEquals(expected.length(), file.seek(0, Whence.CURRENT));
    }
    assertEquals(expected, mounted.read("/new"));
    file.decRef();
  }

  /** A buffer that is bad from its first byte changes nothing. */
  @Test
  public void writeFromBadMemoryChangesNothing() {
    FileDescription file = open("/small");
    assertErrno(Errno.EFAULT, () -> file.write(new FaultingSource("x".repeat(100), 0)));
    assertErrno(
        Errno.EFAULT,
        () -> file.writeAt(new FaultingSource("x".repeat(100), 0), 5, TransferOptions.DEFAULT));
    assertEquals(0, file.seek(0, Whence.CURRENT));
    assertEquals("some text", mounted.read("/small"));
    file.decRef();
  }

  /** O_APPEND writes at the end, wherever the position is. */
  @Test
  public void appendsAtTheEnd() {
    FileDescription file = mounted.open("/small", OpenFlags.READ_WRITE | OpenFlags.APPEND);
    MountedFileSystem.writeFully(file, " more");
    assertEquals(14, file.seek(0, Whence.CURRENT));
    file.seek(0, Whence.SET);
    MountedFileSystem.writeFully(file, " and");
    // As on Linux, O_APPEND wins over the offset of pwrite(2).
    MountedFileSystem.writeAt(file, 0, " more");
    assertEquals("some text more and more", mounted.read("/small"));
    file.decRef();
  }

  /** The limit of the size of files (RLIMIT_FSIZE). */
  @Test
  public void sizeLimitShortensAndRefuses() {
    FileDescription file = open("/new");
    TransferOptions limited = new TransferOptions(0, 10);
    assertEquals(10, file.write(MountedFileSystem.source("x".repeat(15)), limited));
    assertErrno(Errno.EFBIG, () -> file.write(MountedFileSystem.source("x"), limited));
    assertErrno(Errno.EFBIG, () -> file.truncate(11, limited));
    assertEquals(10, file.attributes().byteSize());
    file.decRef();
  }

  /** Truncation cuts; growing again shows zeroes. */
  @Test
  public void truncationCutsAndGrows() {
    FileDescription file = open("/large");
    file.truncate(5000, TransferOptions.DEFAULT);
    assertEquals(5000, file.attributes().byteSize());
    file.truncate(9000, TransferOptions.DEFAULT);
    assertEquals(LARGE.substring(0, 5000) + "\0".repeat(4000), mounted.read("/large"));
    mounted.change("/large", AttributeChange.NONE.withByteSize(3));
    assertEquals(LARGE.substring(0, 3), mounted.read("/large"));
    mounted.open("/large", OpenFlags.WRITE_ONLY | OpenFlags.TRUNCATE).decRef();
    assertEquals("", mounted.read("/large"));
    MountedFileSystem.writeAt(file, 2, "x");
    assertEquals("\0\0x", mounted.read("/large"));
    file.decRef();
  }

  /** fallocate(2) without a mode grows the file. */
  @Test
  public void allocationGrows() {
    FileDescription file = open("/small");
    file.allocate(AllocateMode.EXTEND, 5, 10_000, TransferOptions.DEFAULT);
    assertEquals(10_005, file.attributes().byteSize());
    assertEquals("some text" + "\0".repeat(10_005 - 9), mounted.read("/small"));
    assertErrno(
        Errno.EINVAL, () -> file.allocate(AllocateMode.EXTEND, 0, 0, TransferOptions.DEFAULT));
    file.allocate(AllocateMode.KEEP_SIZE, 0, 50_000, TransferOptions.DEFAULT);
    assertEquals(10_005, file.attributes().byteSize());
    file.decRef();
  }

  /** Holes are made, read as zeroes, and are found. */
  @Test
  public void holesAreMadeAndFound() {
    requires(Feature.HOLES);
    FileDescription file = open("/new");
    MountedFileSystem.writeAt(file, 0, "x".repeat(5 * PAGE_BYTE_SIZE));
    long before = file.attributes().blockCount();
    file.allocate(AllocateMode.PUNCH_HOLE, 100, 3 * PAGE_BYTE_SIZE, TransferOptions.DEFAULT);
    assertEquals(5 * PAGE_BYTE_SIZE, file.attributes().byteSize());
    assertTrue(file.attributes().blockCount() < before);
    assertEquals(
        "x".repeat(100) + "\0".repeat(3 * PAGE_BYTE_SIZE) + "x".repeat(2 * PAGE_BYTE_SIZE - 100),
        mounted.read("/new"));
    assertEquals(PAGE_BYTE_SIZE, file.seek(0, Whence.HOLE));
    assertEquals(3 * PAGE_BYTE_SIZE, file.seek(PAGE_BYTE_SIZE, Whence.DATA));
    assertEquals(0, file.seek(0, Whence.DATA));
    assertEquals(5 * PAGE_BYTE_SIZE, file.seek(4 * PAGE_BYTE_SIZE, Whence.HOLE));
    file.decRef();
  }

  /** The times of a file tell what was done to it. */
  @Test
  public void writingMovesTheTimes() throws Exception {
    mounted.change("/small", AttributeChange.NONE.withModificationTime(1000));
    FileDescription file = open("/small");
    MountedFileSystem.writeFully(file, "x");
    assertTrue(file.attributes().modificationTime() > 1000);
    mounted.change("/small", AttributeChange.NONE.withModificationTime(1000));
    file.truncate(1, TransferOptions.DEFAULT);
    assertTrue(file.attributes().modificationTime() > 1000);
    file.decRef();
  }

  /** A mapping and read(2) and write(2) see each other's bytes at once. */
  @Test
  public void mappingIsCoherentWithReadAndWrite() {
    requires(Feature.MAPPING);
    FileDescription file = open("/large");
    try (TestMapping mapping = new TestMapping(mounted, "/large", OpenFlags.READ_WRITE, 4, true)) {
      mapping.store(4090, "through the mapping");
      assertEquals("through the mapping", MountedFileSystem.readAt(file, 4090, 19));
      MountedFileSystem.writeAt(file, 8180, "through a write");
      assertEquals("through a write", mapping.text(8180, 15));
      MountedFileSystem.writeAt(file, 4095, "both");
      assertEquals("throubothhe mapping", mapping.text(4090, 19));
    }
    assertEquals("throubothhe mapping", mounted.read("/large").substring(4090, 4109));
    file.decRef();
    assertEquals("throubothhe mapping", mounted.read("/large").substring(4090, 4109));
  }

  /** What a mapping stored is still there after the mapping and every description have gone. */
  @Test
  public void storedBytesOutliveTheMapping() {
    requires(Feature.MAPPING);
    try (TestMapping mapping = new TestMapping(mounted, "/small", OpenFlags.READ_WRITE, 1, true)) {
      mapping.store(0, "SOME");
      mapping.sync();
      mapping.store(5, "T");
    }
    assertEquals("SOME Text", mounted.read("/small"));
  }

  /**
   * Truncation takes pages away from mappings, private copies too, and zeroes the rest of the last.
   */
  @Test
  public void truncationInvalidatesMappings() {
    requires(Feature.MAPPING);
    FileDescription file = open("/large");
    try (TestMapping mapping = new TestMapping(mounted, "/large", OpenFlags.READ_WRITE, 4, true)) {
      assertEquals(LARGE.substring(5000, 5010), mapping.text(5000, 10));
      file.truncate(5000, TransferOptions.DEFAULT);
      assertEquals(2 * PAGE_BYTE_SIZE, mapping.reach());
      assertEquals("\0".repeat(10), mapping.text(5000, 10));
      RecordingSpace.Invalidation last = mapping.space().invalidations().getLast();
      assertTrue(last.withCopies());
      assertTrue(last.range().isSupersetOf(mapping.addresses(2, 2)));
      file.truncate(LARGE.length(), TransferOptions.DEFAULT);
      assertEquals("\0".repeat(100), mapping.text(9000, 100));
    }
    file.decRef();
  }

  /** Punching a hole gives mappings new pages of zeroes. */
  @Test
  public void holesInvalidateMappings() {
    requires(Feature.MAPPING);
    requires(Feature.HOLES);
    FileDescription file = open("/large");
    try (TestMapping mapping = new TestMapping(mounted, "/large", OpenFlags.READ_WRITE, 4, true)) {
      mapping.store(4096, "stored");
      file.allocate(AllocateMode.PUNCH_HOLE, 4096, 4096, TransferOptions.DEFAULT);
      assertEquals(1, mapping.space().invalidations().size());
      assertEquals("\0".repeat(6), mapping.text(4096, 6));
      mapping.store(4100, "new");
      assertEquals("\0\0\0\0new", MountedFileSystem.readAt(file, 4096, 7));
    }
    file.decRef();
  }

  /** Appenders do not overwrite each other. */
  @Test
  public void appendersDoNotOverwriteEachOther() throws Exception {
    mounted.write("/log", "");
    Race.run(
        4,
        thread -> {
          FileDescription file = mounted.open("/log", OpenFlags.WRITE_ONLY | OpenFlags.APPEND);
          for (int i = 0; i < 100; i++) {
            MountedFileSystem.writeFully(file, "thread " + thread + " line " + i + "\n");
          }
          file.decRef();
        });
    Map<String, Integer> next = new HashMap<>();
    for (String line : mounted.read("/log").split("\n", -1)) {
      if (!line.isEmpty()) {
        String thread = line.substring(0, line.indexOf(" line"));
        int expected = next.getOrDefault(thread, 0);
        assertEquals(thread + " line " + expected, line);
        next.put(thread, expected + 1);
      }
    }
    assertEquals(Map.of("thread 0", 100, "thread 1", 100, "thread 2", 100, "thread 3", 100), next);
  }

  /** Readers, writers, truncation and mappings at once: nothing but whole pages of one writer. */
  @Test
  public void truncationRacesWithReadersAndWriters() throws Exception {
    FileDescription file = open("/contended");
    Race.run(
        4,
        thread -> {
          for (int i = 0; i < 200; i++) {
            switch (thread) {
              case 0 -> file.truncate((i % 4) * 3000L, TransferOptions.DEFAULT);
              case 1 -> MountedFileSystem.writeAt(file, i % 3 * 4096L, "a".repeat(6000));
              case 2 -> {
                String seen = MountedFileSystem.readAt(file, 1000, 9000);
                assertTrue(seen.chars().allMatch(c -> c == 0 || c == 'a'), seen);
              }
              default -> {
                if (!missing().contains(Feature.MAPPING)) {
                  mapAndLook();
                }
              }
            }
          }
        });
    file.decRef();
    mounted.unlink("/contended");
  }

  private void mapAndLook() {
    try (TestMapping mapping =
        new TestMapping(mounted, "/contended", OpenFlags.READ_WRITE, 2, true)) {
      assertTrue(mapping.reach() <= 2 * PAGE_BYTE_SIZE);
    } catch (LinuxException e) {
      assertEquals(Errno.ENOMEM, e.errno());
    }
  }
}
