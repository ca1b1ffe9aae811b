package org.usermem.fs.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.usermem.errno.Errno;
import org.usermem.fs.AllocateMode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.Whence;
import org.usermem.fs.bridge.BridgeFileSystem;
import org.usermem.fs.bridge.BridgeOptions;
import org.usermem.fs.hostfs.HostFileSystem;
import org.usermem.fs.hostfs.HostOptions;
import org.usermem.fs.overlay.OverlayFileSystem;
import org.usermem.fs.overlay.OverlayOptions;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;

/**
 * A file of any file system behaves as an array of bytes, however it is written, cut, appended to,
 * freed in parts and stored to through a mapping.
 */
class FileModelTest {

  private static final int PAGE = 4096;
  private static final int PAGES = 6;
  private static final int LARGEST = PAGES * PAGE;

  enum Kind {
    WRITE,
    APPEND,
    TRUNCATE,
    PUNCH_HOLE,
    ZERO_RANGE,
    ALLOCATE,
    STORE,
    SYNC,
    SEEK
  }

  record Step(Kind kind, int offset, int byteCount, char fill) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> offset =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, LARGEST - 1),
            Arbitraries.integers().between(0, PAGES - 1).map(page -> page * PAGE));
    Arbitrary<Integer> byteCount =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 100),
            Arbitraries.integers().between(1, 2 * PAGE),
            Arbitraries.of(PAGE, 2 * PAGE));
    return Combinators.combine(
            Arbitraries.of(Kind.class), offset, byteCount, Arbitraries.chars().range('a', 'z'))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(30);
  }

  @Property(tries = 100, seed = "1")
  void fileInMemory(@ForAll("steps") List<Step> steps) throws Exception {
    run(steps, context -> new TmpfsFileSystem(context, TmpfsOptions.DEFAULT));
  }

  @Property(tries = 30, seed = "1")
  void fileOfASharedHostDirectory(@ForAll("steps") List<Step> steps) throws Exception {
    withDirectory(steps, host -> context -> new HostFileSystem(context, HostOptions.shared(host)));
  }

  @Property(tries = 30, seed = "1")
  void fileOfAHostDirectoryThatNobodyElseChanges(@ForAll("steps") List<Step> steps)
      throws Exception {
    withDirectory(
        steps,
        host -> context -> new HostFileSystem(context, new HostOptions(host, false, true, 3, 0)));
  }

  @Property(tries = 30, seed = "1")
  void fileOfABridge(@ForAll("steps") List<Step> steps) throws Exception {
    withDirectory(
        steps, host -> context -> new BridgeFileSystem(context, BridgeOptions.writable(host)));
  }

  @Property(tries = 30, seed = "1")
  void fileThatAnOverlayHasCopiedUp(@ForAll("steps") List<Step> steps) throws Exception {
    withDirectory(
        steps,
        host ->
            context -> {
              Files.writeString(host.resolve("file"), "");
              return new OverlayFileSystem(
                  context,
                  List.of(new HostFileSystem(context, HostOptions.lower(host))),
                  OverlayOptions.DEFAULT);
            });
  }

  private interface DirectoryMaker {
    MountedFileSystem.Maker over(Path host);
  }

  private static void withDirectory(List<Step> steps, DirectoryMaker maker) throws Exception {
    Path host = Files.createTempDirectory("usermem-model");
    try {
      run(steps, maker.over(host));
    } finally {
      Files.deleteIfExists(host.resolve("file"));
      Files.delete(host);
    }
  }

  private static void run(List<Step> steps, MountedFileSystem.Maker maker) throws Exception {
    try (MountedFileSystem mounted = new MountedFileSystem(maker)) {
      mounted.write("/file", "");
      new Model(mounted).run(steps);
      mounted.unlink("/file");
    }
  }

  /** The file under test, and what it should hold. */
  private static final class Model {
    private final MountedFileSystem mounted;
    private byte[] bytes = {};

    Model(MountedFileSystem mounted) {
      this.mounted = mounted;
    }

    void run(List<Step> steps) throws IOException {
      FileDescription file = mounted.open("/file", OpenFlags.READ_WRITE);
      FileDescription appender = mounted.open("/file", OpenFlags.WRITE_ONLY | OpenFlags.APPEND);
      try (TestMapping mapping =
          new TestMapping(mounted, "/file", OpenFlags.READ_WRITE, PAGES, true)) {
        for (Step step : steps) {
          apply(step, file, appender, mapping);
          check(file, mapping);
        }
      } finally {
        file.decRef();
        appender.decRef();
      }
      // What was stored through the mapping is still there when nobody uses the file.
      assertEquals(text(), mounted.read("/file"));
    }

    private void apply(
        Step step, FileDescription file, FileDescription appender, TestMapping mapping) {
      int offset = step.offset();
      int count = Math.min(step.byteCount(), LARGEST - offset);
      String fill = String.valueOf(step.fill()).repeat(count);
      switch (step.kind()) {
        case WRITE -> {
          assertEquals(count, MountedFileSystem.writeAt(file, offset, fill));
          put(offset, fill);
        }
        case APPEND -> {
          String tail = fill.substring(0, Math.min(count, LARGEST - bytes.length));
          assertEquals(tail.length(), appender.write(MountedFileSystem.source(tail)));
          put(bytes.length, tail);
        }
        case TRUNCATE -> {
          file.truncate(offset, TransferOptions.DEFAULT);
          bytes = Arrays.copyOf(bytes, offset);
        }
        case PUNCH_HOLE -> {
          file.allocate(AllocateMode.PUNCH_HOLE, offset, count, TransferOptions.DEFAULT);
          zero(offset, count);
        }
        case ZERO_RANGE -> zeroRange(file, offset, count);
        case ALLOCATE -> {
          file.allocate(AllocateMode.EXTEND, offset, count, TransferOptions.DEFAULT);
          bytes = Arrays.copyOf(bytes, Math.max(bytes.length, offset + count));
        }
        case STORE -> store(mapping, offset, fill);
        case SYNC -> mapping.sync();
        case SEEK -> seek(file, offset);
      }
    }

    private void zeroRange(FileDescription file, int offset, int count) {
      if (mounted.fileSystem() instanceof TmpfsFileSystem
          || mounted.fileSystem() instanceof OverlayFileSystem) {
        // As shmem_fallocate of Linux.
        MountedFileSystem.assertErrno(
            Errno.EOPNOTSUPP,
            () -> file.allocate(AllocateMode.ZERO_RANGE, offset, count, TransferOptions.DEFAULT));
        return;
      }
      file.allocate(AllocateMode.ZERO_RANGE, offset, count, TransferOptions.DEFAULT);
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length, offset + count));
      zero(offset, count);
    }

    /** Stores up to the end of the last page; what lies after the end of the file is lost. */
    private void store(TestMapping mapping, int offset, String fill) {
      int reach = (bytes.length + PAGE - 1) & -PAGE;
      if (offset >= reach) {
        return;
      }
      String stored = fill.substring(0, Math.min(fill.length(), reach - offset));
      mapping.store(offset, stored);
      int kept = Math.max(0, Math.min(stored.length(), bytes.length - offset));
      put(offset, stored.substring(0, kept));
    }

    /** Data that is there is never said to be a hole. */
    private void seek(FileDescription file, int offset) {
      if (offset >= bytes.length) {
        return;
      }
      long hole = file.seek(offset, Whence.HOLE);
      boolean inHole = hole == offset && offset < bytes.length;
      if (inHole) {
        assertEquals(0, bytes[offset]);
      }
    }

    private void put(int offset, String fill) {
      if (fill.isEmpty()) {
        return;
      }
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length, offset + fill.length()));
      byte[] added = fill.getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(added, 0, bytes, offset, added.length);
    }

    private void zero(int offset, int count) {
      int end = Math.min(bytes.length, offset + count);
      if (offset < end) {
        Arrays.fill(bytes, offset, end, (byte) 0);
      }
    }

    private String text() {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private void check(FileDescription file, TestMapping mapping) {
      assertEquals(bytes.length, file.attributes().byteSize());
      String expected = text();
      assertEquals(expected, MountedFileSystem.readAt(file, 0, LARGEST + 1));
      assertEquals(expected, mapping.text(0, bytes.length));
    }
  }
}
