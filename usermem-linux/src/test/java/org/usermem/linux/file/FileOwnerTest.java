package org.usermem.linux.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class FileOwnerTest {
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int OPEN = 2;
  private static final int SIGPROCMASK = 14;
  private static final int IOCTL = 16;
  private static final int PIPE = 22;
  private static final int DUP2 = 33;
  private static final int GETPID = 39;
  private static final int CLOSE = 3;
  private static final int FCNTL = 72;
  private static final int SIGTIMEDWAIT = 128;

  private static final int O_CREAT_RDWR = 0102;
  private static final int FIOASYNC = 0x5452;
  private static final int F_SETFL = 4;
  private static final int O_ASYNC = 020000;
  private static final int ANOTHER_FD = 77;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Blocks SIGIO and SIGUSR1, so that they can be waited for. */
  private static void block(Guest guest) {
    long set = guest.memory(4096);
    guest.putLong(set, SignalSet.bit(Signals.SIGIO) | SignalSet.bit(Signals.SIGUSR1));
    assertEquals(0, guest.call(SIGPROCMASK, 0, set, 0, 8));
  }

  /** Takes a signal that {@link #block} has blocked, without waiting; its siginfo is at +64. */
  private static long take(Guest guest) {
    long memory = guest.memory(4096);
    guest.putLong(memory + 16, 0);
    guest.putLong(memory + 24, 0);
    return guest.call(SIGTIMEDWAIT, memory, memory + 64, memory + 16, 8);
  }

  private static int[] pipe(Guest guest) {
    long at = guest.memory(4096) + 512;
    assertEquals(0, guest.call(PIPE, at));
    return new int[] {guest.getInt(at), guest.getInt(at + 4)};
  }

  @Test
  void theOwnerOfAFileGetsTheSignalThatItAskedFor() {
    fixture.run(
        guest -> {
          long memory = guest.memory(4096);
          int[] ends = pipe(guest);
          block(guest);
          long pid = guest.call(GETPID);
          assertEquals(0, guest.call(FCNTL, ends[0], FcntlCalls.F_SETOWN, pid));
          assertEquals(pid, guest.call(FCNTL, ends[0], FcntlCalls.F_GETOWN));
          assertEquals(0, guest.call(FCNTL, ends[0], FcntlCalls.F_SETSIG, Signals.SIGUSR1));
          assertEquals(1, guest.call(WRITE, ends[1], memory, 1));
          assertErrno(Errno.EAGAIN, take(guest));
          assertEquals(0, guest.call(FCNTL, ends[0], F_SETFL, O_ASYNC));
          // The signal names the descriptor by which O_ASYNC was set, even a closed one.
          assertEquals(ANOTHER_FD, guest.call(DUP2, ends[0], ANOTHER_FD));
          assertEquals(0, guest.call(CLOSE, ends[0]));
          assertEquals(1, guest.call(WRITE, ends[1], memory, 1));
          assertEquals(Signals.SIGUSR1, take(guest));
          assertEquals(1, guest.getInt(memory + 64 + 8), "POLL_IN");
          assertEquals(0x41, guest.getLong(memory + 64 + 16), "POLLIN | POLLRDNORM");
          assertEquals(ends[0], guest.getInt(memory + 64 + 24));
          assertEquals(0, guest.call(FCNTL, ANOTHER_FD, FcntlCalls.F_SETSIG, 0));
          assertEquals(2, guest.call(READ, ANOTHER_FD, memory + 256, 2));
          assertEquals(1, guest.call(WRITE, ends[1], memory, 1));
          assertEquals(Signals.SIGIO, take(guest));
          guest.putInt(memory + 128, 0);
          assertEquals(0, guest.call(IOCTL, ANOTHER_FD, FIOASYNC, memory + 128));
          assertEquals(1, guest.call(WRITE, ends[1], memory, 1));
          assertErrno(Errno.EAGAIN, take(guest));
        });
  }

  @Test
  void aGroupOwnsAFileAsWell() {
    fixture.run(
        guest -> {
          long owner = guest.memory(4096) + 128;
          int[] ends = pipe(guest);
          block(guest);
          int group = (int) guest.call(111);
          assertEquals(0, guest.call(FCNTL, ends[0], FcntlCalls.F_SETOWN, -group));
          assertEquals(0, guest.call(FCNTL, ends[0], FcntlCalls.F_GETOWN_EX, owner));
          assertEquals(FileOwner.Kind.PROCESS_GROUP.value(), guest.getInt(owner));
          assertEquals(group, guest.getInt(owner + 4));
          assertEquals(0, guest.call(FCNTL, ends[0], F_SETFL, O_ASYNC));
          assertEquals(1, guest.call(WRITE, ends[1], owner, 1));
          assertEquals(Signals.SIGIO, take(guest));
        });
  }

  @Test
  void nobodyIsNamedWhoDoesNotExistAndNoSignalThatThereIsNot() {
    fixture.run(
        guest -> {
          long memory = guest.memory(4096);
          int[] ends = pipe(guest);
          int noBody = 1 << 21;
          assertErrno(Errno.ESRCH, guest.call(FCNTL, ends[0], FcntlCalls.F_SETOWN, noBody));
          assertErrno(Errno.ESRCH, guest.call(FCNTL, ends[0], FcntlCalls.F_SETOWN, -noBody));
          assertErrno(
              Errno.EINVAL, guest.call(FCNTL, ends[0], FcntlCalls.F_SETOWN, Integer.MIN_VALUE));
          guest.putInt(memory + 128, 3);
          assertErrno(
              Errno.EINVAL, guest.call(FCNTL, ends[0], FcntlCalls.F_SETOWN_EX, memory + 128));
          assertErrno(Errno.EINVAL, guest.call(FCNTL, ends[0], FcntlCalls.F_SETSIG, 65));
          assertEquals(0, guest.call(FCNTL, ends[0], FcntlCalls.F_GETOWN));
          assertEquals(0, guest.call(FCNTL, ends[0], FcntlCalls.F_GETSIG));
          guest.put(memory + 256, "/f\0".getBytes(StandardCharsets.US_ASCII));
          long file = guest.call(OPEN, memory + 256, O_CREAT_RDWR, 0600);
          guest.putInt(memory + 128, 1);
          assertErrno(Errno.ENOTTY, guest.call(IOCTL, file, FIOASYNC, memory + 128));
        });
  }
}
