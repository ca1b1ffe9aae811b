package org.usermem.kernel.fd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.kernel.fixture.KernelFixture;

@Timeout(60)
class FileDescriptorTableTest {

  private static final long LIMIT = 1024;

  private final KernelFixture fixture = new KernelFixture();
  private final FileDescriptorTable table = new FileDescriptorTable();

  @AfterEach
  void close() {
    table.decUsers();
    fixture.close();
  }

  private FileDescription file() {
    return fixture.open("/program", OpenFlags.READ_ONLY);
  }

  private int install() {
    return table.install(0, file(), false, LIMIT);
  }

  private static void assertErrno(Errno expected, Runnable action) {
    assertEquals(expected, assertThrows(LinuxException.class, action::run).errno());
  }

  @Test
  void descriptorsAreTheLowestThatAreFree() {
    assertEquals(0, install());
    assertEquals(1, install());
    assertEquals(2, install());
    table.close(1);
    assertEquals(1, install());
    assertEquals(10, table.install(10, file(), false, LIMIT));
    assertEquals(3, install());
    assertEquals(11, table.install(10, file(), false, LIMIT));
  }

  @Test
  void aDescriptorHoldsItsFileUntilItIsClosed() {
    FileDescription file = file();
    int fd = table.install(0, file, false, LIMIT);
    FileDescription found = table.get(fd);
    assertSame(file, found);
    table.close(fd);
    assertTrue(found.tryIncRef());
    found.decRef();
    found.decRef();
    assertFalse(file.tryIncRef());
    assertErrno(Errno.EBADF, () -> table.get(fd));
    assertErrno(Errno.EBADF, () -> table.close(fd));
    assertErrno(Errno.EBADF, () -> table.get(-1));
    assertErrno(Errno.EBADF, () -> table.get(Integer.MAX_VALUE));
  }

  @Test
  void theLimitIsOneMoreThanTheGreatest() {
    table.install(0, file(), false, 1);
    FileDescription refused = file();
    assertErrno(Errno.EMFILE, () -> table.install(0, refused, false, 1));
    assertErrno(Errno.EMFILE, () -> table.installAll(List.of(refused, refused), false, 2));
    assertErrno(Errno.EBADF, () -> table.replace(5, refused, false, 5));
    assertErrno(Errno.EBADF, () -> table.replace(-1, refused, false, LIMIT));
    assertEquals(-1, table.nextOpen(1));
    refused.decRef();
  }

  @Test
  void severalAreOpenedTogether() {
    install();
    install();
    table.close(0);
    assertArrayEquals(new int[] {0, 2}, table.installAll(List.of(file(), file()), true, LIMIT));
    assertTrue(table.isCloseOnExec(2));
  }

  @Test
  void replacingClosesWhatWasThere() {
    FileDescription before = file();
    table.replace(700, before, false, LIMIT);
    FileDescription after = file();
    table.replace(700, after, true, LIMIT);
    assertFalse(before.tryIncRef());
    assertTrue(table.isCloseOnExec(700));
    table.setCloseOnExec(700, false);
    assertFalse(table.isCloseOnExec(700));
  }

  @Test
  void rangesAreClosedNowOrOnExec() {
    for (int fd = 0; fd < 6; fd++) {
      install();
    }
    table.closeRange(1, 2);
    assertEquals(3, table.nextOpen(1));
    table.setCloseOnExecRange(4, Integer.MAX_VALUE);
    table.closeOnExec();
    assertEquals(-1, table.nextOpen(4));
    assertEquals(3, table.nextOpen(3));
    assertEquals(1, install());
  }

  @Test
  void aCopyHasTheSameFilesAndItsOwnFlags() {
    FileDescription file = file();
    table.install(0, file, true, LIMIT);
    install();
    install();
    FileDescriptorTable copy = table.copyBelow(2);
    assertTrue(copy.isCloseOnExec(0));
    assertEquals(-1, copy.nextOpen(2));
    table.close(0);
    FileDescription found = copy.get(0);
    assertSame(file, found);
    found.decRef();
    assertEquals(2, copy.install(0, file(), false, LIMIT));
    copy.decUsers();
    assertFalse(file.tryIncRef());
  }

  @Test
  void theLastUserClosesAll() {
    FileDescriptorTable shared = new FileDescriptorTable();
    FileDescription file = file();
    shared.install(0, file, false, LIMIT);
    shared.incUsers();
    assertTrue(shared.isShared());
    shared.decUsers();
    assertFalse(shared.isShared());
    assertTrue(file.tryIncRef());
    file.decRef();
    shared.decUsers();
    assertFalse(file.tryIncRef());
  }

  @Test
  void randomOperationsAgreeWithAModel() {
    Random random = new Random(1);
    TreeMap<Integer, Boolean> model = new TreeMap<>();
    for (int round = 0; round < 5000; round++) {
      int fd = random.nextInt(200);
      switch (random.nextInt(4)) {
        case 0 -> {
          int expected = fd;
          while (model.containsKey(expected)) {
            expected++;
          }
          assertEquals(expected, table.install(fd, file(), true, LIMIT));
          model.put(expected, true);
        }
        case 1 -> {
          if (model.remove(fd) == null) {
            assertErrno(Errno.EBADF, () -> table.close(fd));
          } else {
            table.close(fd);
          }
        }
        case 2 -> {
          table.replace(fd, file(), false, LIMIT);
          model.put(fd, false);
        }
        default -> {
          Integer next = model.ceilingKey(fd);
          assertEquals(next == null ? -1 : next, table.nextOpen(fd));
        }
      }
    }
  }

  @Test
  void aLookUpThatRacesWithClosingFindsAFileOrNothing() throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    Thread reader =
        new Thread(
            () -> {
              while (!over.get()) {
                try {
                  table.get(0).decRef();
                } catch (LinuxException e) {
                  assertEquals(Errno.EBADF, e.errno());
                }
              }
            });
    reader.start();
    for (int round = 0; round < 20_000; round++) {
      install();
      table.close(0);
    }
    over.set(true);
    reader.join();
  }
}
