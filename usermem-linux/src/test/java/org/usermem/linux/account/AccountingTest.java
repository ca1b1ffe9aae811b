package org.usermem.linux.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.signal.Signals;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class AccountingTest {
  private static final int READ = 0;
  private static final int OPEN = 2;
  private static final int GETPID = 39;
  private static final int EXIT_GROUP = 231;
  private static final int KILL = 62;
  private static final int ACCT = 163;
  private static final int O_CREAT = 0100;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static long path(Guest guest, String path) {
    long at = guest.memory(4096);
    guest.put(at, (path + "\0").getBytes(StandardCharsets.US_ASCII));
    return at;
  }

  private static int runChild(Guest guest, Guest.Body body) {
    int pid = guest.fork(body);
    guest.waitFor(pid);
    return pid;
  }

  private static void assertRecord(byte[] bytes, int flags, int status, int pid, int parentPid) {
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(flags, record.get(0));
    assertEquals(3, record.get(1), "version");
    assertEquals(status, record.getInt(4));
    assertEquals(0, record.getInt(8), "user");
    assertEquals(pid, record.getInt(16));
    assertEquals(parentPid, record.getInt(20));
    assertTrue(Float.intBitsToFloat(record.getInt(28)) >= 0, "elapsed");
    assertEquals("guest", new String(bytes, 48, 5, StandardCharsets.US_ASCII));
    assertEquals(0, record.get(48 + 5));
  }

  @Test
  void processesThatEndLeaveARecordEach() {
    fixture.run(
        guest -> {
          long file = guest.call(OPEN, path(guest, "/records"), O_CREAT, 0600);
          runChild(guest, child -> {});
          assertEquals(0, guest.call(ACCT, path(guest, "/records")));
          int exits = runChild(guest, child -> child.call(EXIT_GROUP, 3));
          int killed =
              runChild(guest, child -> child.call(KILL, child.call(GETPID), Signals.SIGKILL));
          assertEquals(0, guest.call(ACCT, 0));
          runChild(guest, child -> {});
          long page = guest.memory(4096);
          assertEquals(2 * AccountingRecord.BYTE_COUNT, guest.call(READ, file, page, 4096));
          int own = (int) guest.call(GETPID);
          assertRecord(guest.get(page, AccountingRecord.BYTE_COUNT), 1, 3 << 8, exits, own);
          long second = page + AccountingRecord.BYTE_COUNT;
          assertRecord(
              guest.get(second, AccountingRecord.BYTE_COUNT), 0x11, Signals.SIGKILL, killed, own);
        });
  }

  @Test
  void whatCannotBeOpenedTakesNoRecords() {
    fixture.run(
        guest -> {
          assertErrno(Errno.ENOENT, guest.call(ACCT, path(guest, "/absent")));
          assertErrno(Errno.EISDIR, guest.call(ACCT, path(guest, "/")));
          assertErrno(Errno.EFAULT, guest.call(ACCT, 8));
        });
  }

  @Test
  void accountingIsForTheSuperUser() {
    fixture.run(
        TaskCredentials.of(1000, 1000),
        guest -> {
          assertErrno(Errno.EPERM, guest.call(ACCT, path(guest, "/program")));
          assertErrno(Errno.EPERM, guest.call(ACCT, 0));
        });
  }
}
