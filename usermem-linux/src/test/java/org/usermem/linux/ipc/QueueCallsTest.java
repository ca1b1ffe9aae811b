package org.usermem.linux.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class QueueCallsTest {
  private static final int READ = 0;
  private static final int CLOSE = 3;
  private static final int OPEN = 240;
  private static final int UNLINK = 241;
  private static final int SEND = 242;
  private static final int RECEIVE = 243;
  private static final int NOTIFY = 244;
  private static final int GETSETATTR = 245;

  private static final int RDONLY = 0;
  private static final int WRONLY = 1;
  private static final int RDWR = 2;
  private static final int CREAT = 0100;
  private static final int EXCL = 0200;
  private static final int NONBLOCK = 04000;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static long name(Guest guest, String name) {
    long at = guest.memory(40960) + 512;
    guest.put(at, (name + "\0").getBytes(StandardCharsets.US_ASCII));
    return at;
  }

  /** Opens a queue for a number of messages of a length; 0 messages for what is usual. */
  private static long open(Guest guest, String name, int flags, long messages, long bytes) {
    long attributes = guest.memory(40960);
    guest.putLong(attributes + 8, messages);
    guest.putLong(attributes + 16, bytes);
    return guest.call(OPEN, name(guest, name), flags, 0600, messages == 0 ? 0 : attributes);
  }

  private static long send(Guest guest, long queue, String text, int priority) {
    long at = guest.memory(40960) + 1024;
    guest.put(at, text.getBytes(StandardCharsets.US_ASCII));
    return guest.call(SEND, queue, at, text.length(), priority, 0);
  }

  /** Returns priority and text of a message. */
  private static String receive(Guest guest, long queue) {
    long at = guest.memory(40960) + 1024;
    long count = guest.call(RECEIVE, queue, at, 8192, at - 8, 0);
    return count < 0
        ? Errno.of((int) -count).name()
        : guest.getInt(at - 8) + new String(guest.get(at, (int) count), StandardCharsets.US_ASCII);
  }

  @Test
  void namesAreMadeFoundAndRemoved() {
    fixture.run(
        guest -> {
          assertErrno(Errno.ENOENT, open(guest, "q", RDWR, 0, 0));
          long queue = open(guest, "q", RDWR | CREAT | EXCL, 0, 0);
          assertTrue(queue >= 0);
          assertErrno(Errno.EEXIST, open(guest, "q", RDWR | CREAT | EXCL, 0, 0));
          assertErrno(Errno.EINVAL, open(guest, "q", 3, 0, 0));
          assertErrno(Errno.EACCES, open(guest, "a/b", RDWR | CREAT, 0, 0));
          assertErrno(Errno.EACCES, open(guest, "..", RDWR | CREAT, 0, 0));
          assertErrno(Errno.ENAMETOOLONG, open(guest, "q".repeat(256), RDWR | CREAT, 0, 0));
          assertErrno(Errno.EINVAL, open(guest, "r", RDWR | CREAT, -1, 10));
          assertErrno(Errno.EINVAL, open(guest, "r", RDWR | CREAT, 10, 1 << 25));
          assertErrno(Errno.EMFILE, open(guest, "r", RDWR | CREAT, 100, 100_000));
          assertEquals(0, guest.call(UNLINK, name(guest, "q")));
          assertErrno(Errno.ENOENT, guest.call(UNLINK, name(guest, "q")));
          assertEquals(0, send(guest, queue, "still here", 0));
          assertEquals("0still here", receive(guest, queue));
        });
  }

  @Test
  void otherUsersNeedTheBitsOfTheMode() {
    fixture.run(
        guest -> {
          assertTrue(open(guest, "q", RDWR | CREAT, 0, 0) >= 0);
          assertEquals(0, guest.call(117, 1000, 1000, 1000));
          assertErrno(Errno.EACCES, open(guest, "q", RDONLY, 0, 0));
          assertErrno(Errno.EPERM, guest.call(UNLINK, name(guest, "q")));
          long own = open(guest, "own", RDWR | CREAT, 0, 0);
          assertErrno(Errno.EINVAL, open(guest, "larger", RDWR | CREAT, 11, 10));
          assertEquals(0, guest.call(CLOSE, own));
          assertEquals(0, guest.call(UNLINK, name(guest, "own")));
        });
  }

  @Test
  void thePriorityComesFirstAndThenTheAge() {
    fixture.run(
        TaskCredentials.of(1000, 100),
        guest -> {
          long queue = open(guest, "q", RDWR | CREAT | NONBLOCK, 4, 10);
          assertEquals(0, send(guest, queue, "a", 1));
          assertEquals(0, send(guest, queue, "b", 7));
          assertEquals(0, send(guest, queue, "c", 1));
          assertEquals(0, send(guest, queue, "d", 7));
          assertErrno(Errno.EAGAIN, send(guest, queue, "e", 9));
          assertErrno(Errno.EMSGSIZE, send(guest, queue, "longer than 10", 9));
          assertErrno(Errno.EINVAL, send(guest, queue, "e", 32768));
          assertErrno(Errno.EMSGSIZE, guest.call(RECEIVE, queue, 0, 9, 0, 0));
          assertEquals("7b", receive(guest, queue));
          assertEquals("7d", receive(guest, queue));
          assertEquals("1a", receive(guest, queue));
          assertEquals("1c", receive(guest, queue));
          assertEquals("EAGAIN", receive(guest, queue));
          assertErrno(Errno.EBADF, send(guest, open(guest, "q", RDONLY, 0, 0), "x", 0));
          assertEquals("EBADF", receive(guest, open(guest, "q", WRONLY, 0, 0)));
        });
  }

  @Test
  void waitingEndsWithAMessageRoomOrTheTime() {
    fixture.run(
        guest -> {
          long queue = open(guest, "q", RDWR | CREAT, 1, 10);
          int receiver = guest.fork(child -> assertEquals("0x", receive(child, queue)));
          fixture.awaitSleep(receiver);
          assertEquals(0, send(guest, queue, "x", 0));
          assertEquals(0, guest.waitFor(receiver));
          assertEquals(0, send(guest, queue, "y", 0));
          int sender = guest.fork(child -> assertEquals(0, send(child, queue, "z", 0)));
          fixture.awaitSleep(sender);
          assertEquals("0y", receive(guest, queue));
          assertEquals(0, guest.waitFor(sender));
          assertEquals("0z", receive(guest, queue));
          long at = guest.memory(40960) + 2048;
          guest.putLong(at, 1);
          guest.putLong(at + 8, 0);
          assertErrno(Errno.ETIMEDOUT, guest.call(RECEIVE, queue, at + 64, 10, 0, at));
          guest.putLong(at + 8, 1_000_000_000);
          assertErrno(Errno.EINVAL, guest.call(RECEIVE, queue, at + 64, 10, 0, at));
        });
  }

  @Test
  void theNextMessageIsToldOnceToOneProcess() {
    fixture.run(
        guest -> {
          long queue = open(guest, "q", RDWR | CREAT, 0, 0);
          long event = guest.memory(40960) + 2048;
          guest.onTask(
              task -> {
                task.signals().setMask(SignalSet.of(Signals.SIGUSR1));
                return 0L;
              });
          guest.putLong(event, 0x77);
          guest.putInt(event + 8, Signals.SIGUSR1);
          guest.putInt(event + 12, 0);
          assertEquals(0, guest.call(NOTIFY, queue, event));
          assertErrno(Errno.EBUSY, guest.call(NOTIFY, queue, event));
          long text = guest.memory(40960) + 4096;
          assertEquals(60, guest.call(READ, queue, text, 100));
          assertTrue(
              new String(guest.get(text, 60), StandardCharsets.US_ASCII)
                  .startsWith("QSIZE:0          NOTIFY:0     SIGNO:10    NOTIFY_PID:1"));
          assertEquals(0, send(guest, queue, "x", 0));
          guest.putLong(event, SignalSet.of(Signals.SIGUSR1));
          assertEquals(Signals.SIGUSR1, guest.call(128, event, event + 64, 0, 8));
          assertEquals(-3, guest.getInt(event + 64 + 8));
          assertEquals(0x77, guest.getLong(event + 64 + 24));
          assertEquals(0, guest.call(NOTIFY, queue, 0));
          guest.putInt(event + 12, 99);
          assertErrno(Errno.EINVAL, guest.call(NOTIFY, queue, event));
        });
  }

  @Test
  void attributesAreToldAndOneOfThemSet() {
    fixture.run(
        guest -> {
          long queue = open(guest, "q", RDWR | CREAT, 5, 100);
          assertEquals(0, send(guest, queue, "x", 0));
          long at = guest.memory(40960) + 2048;
          guest.putLong(at, NONBLOCK);
          assertEquals(0, guest.call(GETSETATTR, queue, at, at + 64));
          assertEquals(0, guest.getLong(at + 64));
          assertEquals(5, guest.getLong(at + 72));
          assertEquals(100, guest.getLong(at + 80));
          assertEquals(1, guest.getLong(at + 88));
          assertEquals(0, guest.call(GETSETATTR, queue, 0, at + 64));
          assertEquals(NONBLOCK, guest.getLong(at + 64));
          guest.putLong(at, 1);
          assertErrno(Errno.EINVAL, guest.call(GETSETATTR, queue, at, 0));
        });
  }
}
