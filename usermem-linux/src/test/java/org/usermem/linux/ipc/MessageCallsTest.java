package org.usermem.linux.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.kernel.signal.Signals;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class MessageCallsTest {
  private static final int MSGGET = 68;
  private static final int MSGSND = 69;
  private static final int MSGRCV = 70;
  private static final int MSGCTL = 71;
  private static final int KILL = 62;

  private static final int NOWAIT = 04000;
  private static final int NOERROR = 010000;
  private static final int EXCEPT = 020000;
  private static final int COPY = 040000;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static long send(Guest guest, long id, long type, String text, int flags) {
    long at = guest.memory(16384);
    guest.putLong(at, type);
    guest.put(at + 8, text.getBytes(StandardCharsets.US_ASCII));
    return guest.call(MSGSND, id, at, text.length(), flags);
  }

  /** Returns type and text of a message. */
  private static String receive(Guest guest, long id, long type, int flags) {
    long at = guest.memory(16384);
    long count = guest.call(MSGRCV, id, at, 8192, type, flags);
    return count < 0
        ? Errno.of((int) -count).name()
        : guest.getLong(at) + new String(guest.get(at + 8, (int) count), StandardCharsets.US_ASCII);
  }

  @Test
  void theTypeChoosesTheMessage() {
    fixture.run(
        guest -> {
          long id = guest.call(MSGGET, 0, 0600);
          for (String each : new String[] {"5a", "3b", "4c", "3d", "1e", "5f"}) {
            assertEquals(0, send(guest, id, each.charAt(0) - '0', each.substring(1), 0));
          }
          assertEquals("4c", receive(guest, id, 4, 0));
          assertEquals("3b", receive(guest, id, 5, EXCEPT));
          assertEquals("1e", receive(guest, id, -3, 0));
          assertEquals("3d", receive(guest, id, -5, 0));
          assertEquals("5f", receive(guest, id, 1, COPY | NOWAIT));
          assertEquals("ENOMSG", receive(guest, id, 2, COPY | NOWAIT));
          assertEquals("EINVAL", receive(guest, id, 0, COPY));
          assertEquals("5a", receive(guest, id, 0, 0));
          assertEquals("ENOMSG", receive(guest, id, 3, NOWAIT));
          assertEquals("5f", receive(guest, id, 0, 0));
        });
  }

  @Test
  void longMessagesAreCutOnlyIfTheReceiverSaysSo() {
    fixture.run(
        guest -> {
          long id = guest.call(MSGGET, 0, 0600);
          long at = guest.memory(16384);
          assertEquals(0, send(guest, id, 1, "abcdef", 0));
          assertErrno(Errno.E2BIG, guest.call(MSGRCV, id, at, 3, 0, 0));
          assertErrno(Errno.E2BIG, guest.call(MSGRCV, id, at, 3, 0, COPY | NOWAIT));
          assertErrno(Errno.EINVAL, guest.call(MSGRCV, id, at, 3, 0, COPY | NOWAIT | NOERROR));
          assertEquals(3, guest.call(MSGRCV, id, at, 3, 0, NOERROR));
          assertErrno(Errno.ENOMSG, guest.call(MSGRCV, id, at, 3, 0, NOWAIT));
          assertErrno(Errno.EINVAL, send(guest, id, 0, "a", 0));
          assertErrno(Errno.EINVAL, guest.call(MSGSND, id, at, 8193, 0));
          assertErrno(Errno.EFAULT, guest.call(MSGSND, id, 0, 1, 0));
        });
  }

  @Test
  void aFullQueueMakesTheSenderWaitForAReceiver() {
    fixture.run(
        guest -> {
          long id = guest.call(MSGGET, 0, 0600);
          String large = "x".repeat(8192);
          assertEquals(0, send(guest, id, 1, large, 0));
          assertEquals(0, send(guest, id, 2, large, 0));
          assertErrno(Errno.EAGAIN, send(guest, id, 3, "y", NOWAIT));
          int child = guest.fork(inChild -> assertEquals(0, send(inChild, id, 3, "y", 0)));
          fixture.awaitSleep(child);
          assertEquals("1" + large, receive(guest, id, 0, 0));
          assertEquals(0, guest.waitFor(child));
          assertEquals("3y", receive(guest, id, 3, 0));
          long at = guest.memory(16384);
          assertEquals(0, guest.call(MSGCTL, id, 2, at));
          assertEquals(8192, guest.getLong(at + 72));
          assertEquals(1, guest.getLong(at + 80));
          assertEquals(child, guest.getInt(at + 96));
        });
  }

  @Test
  void aWaitingReceiverGetsItsMessageOrLearnsWhyNot() {
    fixture.run(
        guest -> {
          long id = guest.call(MSGGET, 0, 0600);
          int waits = guest.fork(child -> assertEquals("2b", receive(child, id, 2, 0)));
          fixture.awaitSleep(waits);
          int tooShort =
              guest.fork(
                  child ->
                      assertErrno(
                          Errno.E2BIG, child.call(MSGRCV, id, child.memory(16384), 1, 7, 0)));
          fixture.awaitSleep(tooShort);
          assertEquals(0, send(guest, id, 1, "a", 0));
          assertEquals(0, send(guest, id, 2, "b", 0));
          assertEquals(0, guest.waitFor(waits));
          assertEquals(0, send(guest, id, 7, "long", 0));
          assertEquals(0, guest.waitFor(tooShort));
          assertEquals("7long", receive(guest, id, 7, 0));
          int interrupted =
              guest.fork(
                  child -> {
                    child.handle(Signals.SIGUSR1);
                    assertEquals("EINTR", receive(child, id, 9, 0));
                  });
          fixture.awaitSleep(interrupted);
          assertEquals(0, guest.call(KILL, interrupted, Signals.SIGUSR1));
          assertEquals(0, guest.waitFor(interrupted));
          int removed = guest.fork(child -> assertEquals("EIDRM", receive(child, id, 9, 0)));
          fixture.awaitSleep(removed);
          assertEquals(0, guest.call(MSGCTL, id, 0, 0));
          assertEquals(0, guest.waitFor(removed));
          assertEquals("EINVAL", receive(guest, id, 0, 0));
        });
  }

  @Test
  void aLargerQueueNeedsTheRightToIt() {
    fixture.run(
        guest -> {
          long id = guest.call(MSGGET, 3, 01666);
          long at = guest.memory(16384);
          assertEquals(0, guest.call(MSGCTL, id, 2, at));
          assertEquals(16384, guest.getLong(at + 88));
          guest.putLong(at + 88, 20000);
          guest.putInt(at + 4, 1000);
          assertEquals(0, guest.call(MSGCTL, id, 1, at));
          assertEquals(0, guest.call(117, 1000, 1000, 1000));
          assertErrno(Errno.EPERM, guest.call(MSGCTL, id, 1, at));
          guest.putLong(at + 88, 16384);
          assertEquals(0, guest.call(MSGCTL, id, 1, at));
          assertEquals(id, guest.call(MSGGET, 3, 0600));
        });
  }

  @Test
  void manyMessagesMeetALimit() {
    fixture.run(
        guest -> {
          String large = "x".repeat(8192);
          long result = 0;
          for (int i = 0; i < 5000 && result == 0; i++) {
            long id = guest.call(MSGGET, 0, 0600);
            result = send(guest, id, 1, large, NOWAIT);
            if (result == 0) {
              result = guest.call(MSGSND, id, guest.memory(16384), 8192, NOWAIT);
            }
          }
          assertErrno(Errno.ENOMEM, result);
        });
  }
}
