package org.usermem.linux.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class ProcFilesTest {
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int OPEN = 2;
  private static final int LSEEK = 8;
  private static final int ACCESS = 21;
  private static final int PIPE = 22;
  private static final int GETDENTS64 = 217;
  private static final int READLINKAT = 267;

  private final LinuxFixture fixture = new LinuxFixture();

  @BeforeEach
  void mount() {
    fixture.mountProc();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static long path(Guest guest, String path) {
    long at = guest.memory(40960) + 512;
    guest.put(at, (path + "\0").getBytes(StandardCharsets.US_ASCII));
    return at;
  }

  private static long open(Guest guest, String path) {
    return guest.call(OPEN, path(guest, path), 0, 0);
  }

  private static String read(Guest guest, long fd) {
    long at = guest.memory(40960) + 4096;
    long count = guest.call(READ, fd, at, 4096);
    return count < 0
        ? Errno.of((int) -count).name()
        : new String(guest.get(at, (int) count), StandardCharsets.US_ASCII);
  }

  @Test
  void filesOfAProcessThatHasGoneSaySo() {
    fixture.run(
        guest -> {
          long pipe = guest.memory(40960);
          assertEquals(0, guest.call(PIPE, pipe));
          int readEnd = guest.getInt(pipe);
          int writeEnd = guest.getInt(pipe + 4);
          int child = guest.fork(inChild -> inChild.call(READ, readEnd, pipe + 64, 1));
          long directory = open(guest, "/proc/" + child);
          long status = open(guest, "/proc/" + child + "/status");
          long memory = open(guest, "/proc/" + child + "/mem");
          long map = open(guest, "/proc/" + child + "/uid_map");
          assertEquals(pipe, guest.call(LSEEK, memory, pipe, 0));
          assertEquals(8, guest.call(READ, memory, pipe + 128, 8));
          assertEquals(1, guest.call(WRITE, writeEnd, pipe, 1));
          assertEquals(0, guest.waitFor(child));
          assertEquals("ESRCH", read(guest, status));
          assertTrue(read(guest, map).contains("4294967295"));
          assertEquals(0, guest.call(READ, memory, pipe + 128, 8));
          assertErrno(
              Errno.ESRCH, guest.call(READLINKAT, directory, path(guest, "exe"), pipe + 128, 8));
          assertErrno(Errno.ENOENT, guest.call(GETDENTS64, directory, pipe + 128, 4096));
        });
  }

  @Test
  void callsThatReadAndWriteAreCounted() {
    fixture.run(
        guest -> {
          long file = open(guest, "/proc/self/io");
          assertTrue(read(guest, file).startsWith("rchar: 0\nwchar: 0\nsyscr: 0\nsyscw: 0\n"));
          guest.call(PIPE, guest.memory(40960));
          int writeEnd = guest.getInt(guest.memory(40960) + 4);
          guest.call(WRITE, writeEnd, guest.memory(40960), 100);
          assertEquals(0, guest.call(LSEEK, file, 0, 0));
          String text = read(guest, file);
          assertTrue(text.contains("wchar: 100\nsyscr: 1\nsyscw: 1\n"), text);
        });
  }

  @Test
  void whatOthersHaveMappedIsNotForEverybody() {
    fixture.run(
        guest -> {
          int parent = (int) guest.call(39);
          int child =
              guest.fork(
                  inChild -> {
                    assertEquals(0, inChild.call(117, 1000, 1000, 1000));
                    assertErrno(Errno.EACCES, open(inChild, "/proc/" + parent + "/maps"));
                    assertTrue(open(inChild, "/proc/" + parent + "/status") >= 0);
                  });
          assertEquals(0, guest.waitFor(child));
        });
  }

  @Test
  void namespacesAreThereToBeLookedAt() {
    fixture.run(
        guest -> {
          assertEquals(0, guest.call(ACCESS, path(guest, "/proc/self/ns/pid"), 0));
          assertTrue(read(guest, open(guest, "/proc/sysvipc/shm")).contains("shmid"));
          assertEquals(0, guest.call(LSEEK, open(guest, "/proc"), 0, 2));
        });
  }
}
