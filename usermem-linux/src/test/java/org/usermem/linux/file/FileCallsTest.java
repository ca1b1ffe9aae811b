package org.usermem.linux.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;
import org.usermem.linux.exec.OpenForExecution;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;
import org.usermem.linux.path.Paths;
import org.usermem.linux.system.LinuxSystem;

/** Calls on files, where a program sees what the file systems alone do not show. */
@Timeout(60)
class FileCallsTest {
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int OPEN = 2;
  private static final int CLOSE = 3;
  private static final int LSEEK = 8;
  private static final int PIPE = 22;
  private static final int MKDIR = 83;
  private static final int GETDENTS64 = 217;
  private static final int SPLICE = 275;

  private static final int O_CREAT_RDWR = 0102;
  private static final int O_DIRECT = 040000;
  private static final int RLIMIT_FSIZE = 1;
  private static final long PAGE = 4096;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static long path(Guest guest, String path) {
    long at = guest.memory(16 * PAGE) + 15 * PAGE;
    guest.put(at, (path + "\0").getBytes(StandardCharsets.US_ASCII));
    return at;
  }

  private static long open(Guest guest, String path, int flags) {
    return guest.call(OPEN, path(guest, path), flags, 0600);
  }

  @Test
  void aListingGoesOnWhereTheProgramsMemoryEnded() {
    fixture.run(
        guest -> {
          guest.call(MKDIR, path(guest, "/d"), 0700);
          for (int i = 0; i < 20; i++) {
            guest.call(CLOSE, open(guest, "/d/file" + i, O_CREAT_RDWR));
          }
          long directory = open(guest, "/d", 0);
          long memory = guest.memory(16 * PAGE);
          assertEquals(0, guest.call(10, memory + PAGE, PAGE, 0));
          long buffer = memory + PAGE - 100;
          int entries = 0;
          long count = guest.call(GETDENTS64, directory, buffer, PAGE);
          while (count > 0) {
            assertTrue(count <= 100);
            for (long at = 0; at < count; at += guest.get(buffer + at + 16, 1)[0]) {
              entries++;
            }
            count = guest.call(GETDENTS64, directory, buffer, PAGE);
          }
          assertEquals(0, count);
          assertEquals(22, entries);
          assertEquals(0, guest.call(LSEEK, directory, 0, 0));
          assertErrno(Errno.EFAULT, guest.call(GETDENTS64, directory, memory + PAGE, PAGE));
          assertErrno(Errno.EINVAL, guest.call(GETDENTS64, directory, buffer, -1));
          assertTrue(guest.call(GETDENTS64, directory, buffer, PAGE) > 0);
        });
  }

  @Test
  void aFileOpenedForNothingCanBeNeitherReadNorWritten() {
    fixture.run(
        guest -> {
          long memory = guest.memory(16 * PAGE);
          guest.call(CLOSE, open(guest, "/f", O_CREAT_RDWR));
          long file = open(guest, "/f", 3);
          assertErrno(Errno.EBADF, guest.call(READ, file, memory, 1));
          assertErrno(Errno.EBADF, guest.call(WRITE, file, memory, 1));
          assertErrno(Errno.EISDIR, open(guest, "/", 3));
          assertErrno(Errno.EINVAL, open(guest, "/", O_DIRECT));
          // chmod u-w, and become somebody without rights beyond that.
          assertEquals(0, guest.call(90, path(guest, "/f"), 0444));
          assertEquals(0, guest.call(117, 1000, 1000, 1000));
          assertErrno(Errno.EACCES, open(guest, "/f", 3));
        });
  }

  @Test
  void anEmptyPathIsAnErrorBeforeTheDescriptorIs() {
    fixture.run(
        guest -> {
          assertErrno(Errno.ENOENT, guest.call(268, -1, path(guest, ""), 0600));
          assertErrno(Errno.EBADF, guest.call(268, -1, path(guest, "f"), 0600));
        });
  }

  @Test
  void positionsThatOverflowAreInvalid() {
    fixture.run(
        guest -> {
          long file = open(guest, "/f", O_CREAT_RDWR);
          guest.call(WRITE, file, guest.memory(16 * PAGE), 8);
          assertErrno(Errno.EINVAL, guest.call(LSEEK, file, Long.MAX_VALUE, 2));
          assertErrno(Errno.EINVAL, guest.call(LSEEK, file, Long.MAX_VALUE, 1));
          assertErrno(Errno.EINVAL, guest.call(LSEEK, open(guest, "/", 0), 0, 2));
        });
  }

  /** Blocks a signal; returns whether it is pending, and takes it. */
  private static boolean takes(Guest guest, int signo) {
    long memory = guest.memory(16 * PAGE);
    guest.putLong(memory, SignalSet.of(signo));
    guest.putLong(memory + 8, 0);
    guest.putLong(memory + 16, 0);
    return guest.call(128, memory, 0, memory + 8, 8) == signo;
  }

  private static void block(Guest guest, int signo) {
    guest.onTask(
        task -> {
          task.signals().setMask(SignalSet.of(signo));
          return 0L;
        });
  }

  @Test
  void theLimitOnFileSizesIsToldByASignalToo() {
    fixture.run(
        guest -> {
          long memory = guest.memory(16 * PAGE);
          long file = open(guest, "/f", O_CREAT_RDWR);
          block(guest, Signals.SIGXFSZ);
          guest.putLong(memory, 1024);
          guest.putLong(memory + 8, 1024);
          assertEquals(0, guest.call(160, RLIMIT_FSIZE, memory));
          assertErrno(Errno.EFBIG, guest.call(285, file, 0, 0, 1025));
          assertTrue(takes(guest, Signals.SIGXFSZ));
          assertEquals(0, guest.call(PIPE, memory));
          int readEnd = guest.getInt(memory);
          int writeEnd = guest.getInt(memory + 4);
          assertEquals(8, guest.call(WRITE, writeEnd, memory, 8));
          assertEquals(1024, guest.call(LSEEK, file, 1024, 0));
          assertErrno(Errno.EFBIG, guest.call(SPLICE, readEnd, 0, file, 0, 8, 0));
          assertTrue(takes(guest, Signals.SIGXFSZ));
          assertEquals(8, guest.call(READ, readEnd, memory, 100));
        });
  }

  @Test
  void aPipeThatBreaksInTheMiddleOfAWriteSignalsToo() {
    fixture.run(
        guest -> {
          long memory = guest.memory(16 * PAGE);
          guest.putInt(memory, 0);
          assertEquals(0, guest.call(PIPE, memory));
          int readEnd = guest.getInt(memory);
          int writeEnd = guest.getInt(memory + 4);
          int main = (int) guest.call(186);
          block(guest, Signals.SIGPIPE);
          assertEquals(16 * PAGE - 1, guest.call(WRITE, writeEnd, memory, 16 * PAGE - 1));
          long filled = guest.call(READ, readEnd, memory, PAGE);
          assertEquals(PAGE, filled);
          guest.thread(
              thread -> {
                fixture.awaitSleep(main);
                thread.call(CLOSE, readEnd);
              });
          assertEquals(PAGE, guest.call(WRITE, writeEnd, memory, 2 * PAGE));
          assertTrue(takes(guest, Signals.SIGPIPE));
        });
  }

  @Test
  void epollTellsOfTheOtherSideWhateverWasAskedFor() {
    fixture.run(
        guest -> {
          long memory = guest.memory(16 * PAGE);
          assertEquals(0, guest.call(PIPE, memory));
          int readEnd = guest.getInt(memory);
          int writeEnd = guest.getInt(memory + 4);
          long epoll = guest.call(291, 0);
          guest.putInt(memory, 0);
          guest.putLong(memory + 4, 77);
          assertEquals(0, guest.call(233, epoll, 1, readEnd, memory));
          assertEquals(0, guest.call(232, epoll, memory, 1, 0));
          assertEquals(0, guest.call(CLOSE, writeEnd));
          assertEquals(1, guest.call(232, epoll, memory, 1, 0));
          assertEquals(0x10, guest.getInt(memory));
          assertEquals(77, guest.getLong(memory + 4));
        });
  }

  @Test
  void aPipeIsInAFileSystemOfItsOwn() {
    fixture.run(
        guest -> {
          long memory = guest.memory(16 * PAGE);
          assertEquals(0, guest.call(PIPE, memory));
          assertEquals(0, guest.call(138, guest.getInt(memory), memory + 64));
          assertEquals(0x50495045, guest.getLong(memory + 64));
        });
  }

  @Test
  void attributesOfNoKnownKindAreNotSupported() {
    fixture.run(
        guest -> {
          guest.call(CLOSE, open(guest, "/f", O_CREAT_RDWR));
          long name = guest.memory(16 * PAGE);
          guest.put(name, "strange\0".getBytes(StandardCharsets.US_ASCII));
          long file = path(guest, "/f");
          assertErrno(Errno.EOPNOTSUPP, guest.call(188, file, name, 0, 0, 0));
          assertErrno(Errno.EOPNOTSUPP, guest.call(191, file, name, 0, 0));
          assertErrno(Errno.EOPNOTSUPP, guest.call(197, file, name));
        });
  }

  /** Returns the masks of the events that a watch has seen. */
  private static List<Integer> events(Guest guest, long inotify) {
    long at = guest.memory(16 * PAGE) + 8 * PAGE;
    long count = guest.call(READ, inotify, at, PAGE);
    List<Integer> masks = new ArrayList<>();
    for (long each = at; each < at + count; each += 16 + guest.getInt(each + 12)) {
      masks.add(guest.getInt(each + 4));
    }
    return masks;
  }

  @Test
  void watchesSeeWhatIsExecutedAndWhichTimesAreSet() {
    fixture.run(
        guest -> {
          guest.call(CLOSE, open(guest, "/f", O_CREAT_RDWR));
          assertEquals(0, guest.call(90, path(guest, "/f"), 0755));
          long inotify = guest.call(294, 04000);
          assertEquals(1, guest.call(254, inotify, path(guest, "/f"), 0xfff));
          guest.onTask(
              task -> {
                OpenForExecution.open(
                        LinuxSystem.of(task).vfs(),
                        Paths.context(task),
                        task.fsContext().workingDirectory(),
                        "/f",
                        LookupFlags.FOLLOW)
                    .decRef();
                return 0L;
              });
          assertEquals(List.of(0x20, 0x10), events(guest, inotify));
          long times = guest.memory(16 * PAGE);
          long omit = (1L << 30) - 2;
          guest.putLong(times, 1);
          guest.putLong(times + 8, omit);
          guest.putLong(times + 16, 1);
          guest.putLong(times + 24, 0);
          assertEquals(0, guest.call(280, -100, path(guest, "/f"), times, 0));
          guest.putLong(times + 8, 0);
          assertEquals(0, guest.call(280, -100, path(guest, "/f"), times, 0));
          guest.putLong(times + 24, omit);
          assertEquals(0, guest.call(280, -100, path(guest, "/f"), times, 0));
          assertEquals(List.of(2, 4, 1), events(guest, inotify));
        });
  }

  /** IN_EXCL_UNLINK leaves out what is done by a name, not what changes the inode. */
  @Test
  void aWatchThatWantsNoRemovedNamesSeesTheChangesOfTheirFiles() {
    fixture.run(
        guest -> {
          int modify = 2;
          int attributes = 4;
          long file = open(guest, "/f", O_CREAT_RDWR);
          long inotify = guest.call(294, 04000);
          assertEquals(
              1, guest.call(254, inotify, path(guest, "/f"), 0x0400_0000 | modify | attributes));
          assertEquals(0, guest.call(87, path(guest, "/f")));
          assertEquals(List.of(attributes), events(guest, inotify));
          assertEquals(1, guest.call(WRITE, file, path(guest, "x"), 1));
          assertEquals(0, guest.call(77, file, 12345));
          assertEquals(0, guest.call(91, file, 0700));
          assertEquals(List.of(modify, attributes), events(guest, inotify));
        });
  }
}
