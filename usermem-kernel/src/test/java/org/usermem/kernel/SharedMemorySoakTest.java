package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.addr.AccessType;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.Whence;
import org.usermem.fs.pipe.Pipes;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.sequence.Source;

/**
 * Tasks that share an address space read files and a pipe into pages that another of them maps,
 * protects and unmaps all the time: what a call says that it moved has moved, the rest has not, and
 * in the end no reference is left.
 */
@Timeout(300)
class SharedMemorySoakTest {

  private static final long PAGE = 4096;
  private static final int PAGES = 8;
  private static final long CHANGING = 0x40_0000;
  private static final long FIXED = 0x80_0000;
  private static final int FILE_BYTES = 5 * 4096 + 100;

  @TempDir static Path directory;

  private final KernelFixture fixture = new KernelFixture();
  private final AtomicInteger running = new AtomicInteger();

  @AfterEach
  void close() {
    fixture.assertQuiet();
    fixture.close();
  }

  @Test
  void nothingIsLostForSomeRounds() {
    soak(1, 2_000);
  }

  @Test
  @Tag("slow")
  void nothingIsLostForManyRounds() {
    soak(20, 3_000);
  }

  private void soak(int processes, int rounds) {
    fixture.mountHost(directory);
    fixture.write("/file", "f".repeat(FILE_BYTES));
    fixture.write("/host/file", "h".repeat(FILE_BYTES));
    for (int process = 0; process < processes; process++) {
      runProcess(rounds);
    }
  }

  private void runProcess(int rounds) {
    fixture.onTask(
        task -> {
          task.memoryManager().mmap(KernelFixture.anonymousAt(FIXED, PAGES));
          running.set(4);
          KernelFixture.thread(task, worker(at -> readPipe(at, rounds)));
          KernelFixture.thread(task, worker(at -> readFile(at, "/file", FIXED + PAGE, rounds)));
          KernelFixture.thread(
              task, worker(at -> readFile(at, "/host/file", FIXED + 2 * PAGE, rounds)));
          KernelFixture.thread(task, worker(at -> cutFile(rounds / 10)));
          change(task);
          return 0;
        });
  }

  private interface Work {
    void run(Task task);
  }

  private Script worker(Work work) {
    return fixture
        .script()
        .does(
            task -> {
              try {
                work.run(task);
              } catch (RuntimeException | AssertionError e) {
                fixture.log.add(e);
              } finally {
                running.decrementAndGet();
              }
            })
        .does(task -> task.exit(0));
  }

  /** Maps, protects and unmaps pages for as long as others read into them. */
  private void change(Task task) {
    Random random = new Random(1);
    while (running.get() > 0 && !task.isKilled()) {
      long addr = CHANGING + random.nextInt(PAGES) * PAGE;
      switch (random.nextInt(4)) {
        case 0 -> task.memoryManager().munmap(addr, PAGE);
        case 1 -> protect(task, addr);
        default -> task.memoryManager().mmap(KernelFixture.anonymousAt(addr, 1));
      }
    }
  }

  private static void protect(Task task, long addr) {
    try {
      task.memoryManager().mprotect(addr, PAGE, AccessType.READ, false);
    } catch (LinuxException e) {
      assertEquals(Errno.ENOMEM, e.errno());
    }
  }

  /** Returns how many bytes a read moved; none if the buffer was not there. */
  private static long read(Task task, FileDescription file, long addr, int byteCount) {
    try {
      return file.read(task.singleSink(addr, byteCount));
    } catch (LinuxException e) {
      assertEquals(Errno.EFAULT, e.errno());
      return 0;
    }
  }

  private static long changingAddress(Random random) {
    return CHANGING + random.nextInt((int) (PAGES * PAGE));
  }

  private void readFile(Task task, String path, long fixed, int rounds) {
    Random random = new Random(2);
    FileDescription file = fixture.open(path, OpenFlags.READ_ONLY);
    byte expected = (byte) (path.equals("/file") ? 'f' : 'h');
    byte[] bytes = new byte[100];
    for (int round = 0; round < rounds; round++) {
      long offset = random.nextInt(FILE_BYTES);
      file.seek(offset, Whence.SET);
      long moved = read(task, file, changingAddress(random), random.nextInt(3 * 4096));
      assertEquals(offset + moved, file.seek(0, Whence.CURRENT));
      long fixedly = read(task, file, fixed, bytes.length);
      task.copyIn(fixed, MemorySegment.ofArray(bytes));
      for (int index = 0; index < fixedly; index++) {
        // A read that meets a cut may see the zeroes of the cut, as on Linux.
        assertTrue(bytes[index] == expected || (expected == 'f' && bytes[index] == 0));
      }
    }
    file.decRef();
  }

  /** Cuts a file that others read, and fills it again. */
  private void cutFile(int rounds) {
    Random random = new Random(3);
    byte[] content = "f".repeat(FILE_BYTES).getBytes(StandardCharsets.US_ASCII);
    FileDescription file = fixture.open("/file", OpenFlags.WRITE_ONLY);
    for (int round = 0; round < rounds; round++) {
      file.truncate(random.nextInt(FILE_BYTES), TransferOptions.DEFAULT);
      file.writeAt(Source.of(content), 0, TransferOptions.DEFAULT);
    }
    file.decRef();
  }

  /**
   * The bytes of a pipe count up: one that is lost or comes twice shows in the next that is seen.
   */
  private void readPipe(Task task, int rounds) {
    Random random = new Random(4);
    Pipes.Ends ends =
        Pipes.create(
            fixture.vfs.anonymousFiles(), OpenFlags.NON_BLOCKING, task.credentials().forFiles());
    byte[] next = new byte[3 * 4096];
    byte[] seen = new byte[64];
    long written = 0;
    long taken = 0;
    for (int round = 0; round < rounds; round++) {
      int count = 1 + random.nextInt(next.length);
      for (int index = 0; index < count; index++) {
        next[index] = (byte) ((written + index) % 251);
      }
      written += ends.writer().write(Source.of(Arrays.copyOf(next, count)));
      while (written - taken > 8 * 4096 || random.nextBoolean()) {
        taken += read(task, ends.reader(), changingAddress(random), random.nextInt(3 * 4096));
        if (taken == written) {
          break;
        }
        long fixedly = read(task, ends.reader(), FIXED, seen.length);
        task.copyIn(FIXED, MemorySegment.ofArray(seen));
        for (int index = 0; index < fixedly; index++) {
          assertEquals((byte) ((taken + index) % 251), seen[index]);
        }
        taken += fixedly;
        if (taken == written) {
          break;
        }
      }
    }
    ends.reader().decRef();
    ends.writer().decRef();
  }
}
