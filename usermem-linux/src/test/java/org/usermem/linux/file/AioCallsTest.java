package org.usermem.linux.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.kernel.signal.Signals;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class AioCallsTest {
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int OPEN = 2;
  private static final int POLL = 7;
  private static final int SETUP = 206;
  private static final int DESTROY = 207;
  private static final int GETEVENTS = 208;
  private static final int SUBMIT = 209;
  private static final int CANCEL = 210;
  private static final int EVENTFD = 284;
  private static final int PGETEVENTS = 333;

  private static final int PIPE = 22;

  private static final int POLLIN = 1;
  private static final int POLLOUT = 4;
  private static final int POLLERR = 8;

  private static final int O_RDWR_CREAT = 0102;
  private static final int O_RDONLY = 0;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** A program with a file, a context, and a page in which its requests are. */
  private static final class Requests {
    final Guest guest;
    final long page;
    final long file;
    final long context;

    Requests(Guest guest) {
      this.guest = guest;
      this.page = guest.memory(16384);
      guest.put(page, "/file\0".getBytes(StandardCharsets.US_ASCII));
      this.file = guest.call(OPEN, page, O_RDWR_CREAT, 0600);
      guest.putLong(page, 0);
      assertEquals(0, guest.call(SETUP, 2, page));
      this.context = guest.getLong(page);
    }

    /** Submits one request; returns what the call does. */
    long submit(int operation, long fd, long buffer, long count, long offset, int resultFd) {
      ByteBuffer iocb = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
      iocb.putLong(0, 0x123).putInt(8, -1).putShort(16, (short) operation).putInt(20, (int) fd);
      iocb.putLong(24, buffer).putLong(32, count).putLong(40, offset);
      iocb.putInt(56, resultFd >= 0 ? 1 : 0).putInt(60, resultFd);
      guest.put(page + 64, iocb.array());
      guest.putLong(page, page + 64);
      return guest.call(SUBMIT, context, 1, page);
    }

    long submit(int operation, long buffer, long count, long offset) {
      return submit(operation, file, buffer, count, offset, -1);
    }

    /** Takes one event; returns its result. */
    long result() {
      assertEquals(1, guest.call(GETEVENTS, context, 1, 1, page + 256, 0));
      assertEquals(0x123, guest.getLong(page + 256));
      assertEquals(page + 64, guest.getLong(page + 264));
      return guest.getLong(page + 272);
    }
  }

  @Test
  void requestsAreDoneAndToldByEvents() {
    fixture.run(
        guest -> {
          Requests requests = new Requests(guest);
          long data = requests.page + 1024;
          guest.put(data, new byte[] {1, 2, 3, 4});
          assertEquals(1, requests.submit(AioRequest.PWRITE, data, 4, 2));
          assertEquals(0, guest.getInt(requests.page + 64 + AioRequest.KEY));
          assertEquals(4, requests.result());
          assertEquals(1, requests.submit(AioRequest.FSYNC, 0, 0, 0));
          assertEquals(0, requests.result());
          guest.putLong(data + 64, data + 16);
          guest.putLong(data + 72, 3);
          guest.putLong(data + 80, data + 32);
          guest.putLong(data + 88, 100);
          assertEquals(1, requests.submit(AioRequest.PREADV, data + 64, 2, 0));
          assertEquals(6, requests.result());
          assertArrayEquals(new byte[] {0, 0, 1}, guest.get(data + 16, 3));
          assertArrayEquals(new byte[] {2, 3, 4}, guest.get(data + 32, 3));
          assertEquals(0, guest.call(DESTROY, requests.context));
          assertErrno(Errno.EINVAL, guest.call(DESTROY, requests.context));
          assertErrno(Errno.EINVAL, requests.submit(AioRequest.PREADV, data + 64, 2, 0));
        });
  }

  @Test
  void whatCanNotBeBegunFailsTheCall() {
    fixture.run(
        guest -> {
          Requests requests = new Requests(guest);
          long data = requests.page + 1024;
          guest.put(data, "/file\0".getBytes(StandardCharsets.US_ASCII));
          long readOnly = guest.call(OPEN, data, O_RDONLY, 0);
          assertErrno(Errno.EBADF, requests.submit(AioRequest.PWRITE, readOnly, data, 4, 0, -1));
          assertErrno(Errno.EBADF, requests.submit(AioRequest.PREAD, 99, data, 4, 0, -1));
          assertErrno(Errno.EINVAL, requests.submit(AioRequest.PREAD, data, 4, -1));
          assertErrno(Errno.EINVAL, requests.submit(AioRequest.PREAD, data, -1, 0));
          assertErrno(Errno.EFAULT, requests.submit(AioRequest.PREAD, -4096, 4, 0));
          assertErrno(Errno.EINVAL, requests.submit(AioRequest.FSYNC, data, 0, 0));
          assertErrno(Errno.EINVAL, requests.submit(6, 0, 0, 0));
          assertErrno(
              Errno.EINVAL,
              requests.submit(AioRequest.PREAD, readOnly, data, 4, 0, (int) readOnly));
          assertErrno(Errno.EFAULT, guest.call(SUBMIT, requests.context, 1, 8));
          assertErrno(Errno.EINVAL, guest.call(SUBMIT, requests.context, -1, 8));
          assertEquals(0, guest.call(SUBMIT, requests.context, 0, 8));
          assertEquals(0, guest.call(GETEVENTS, requests.context, 0, 1, data, 0));
        });
  }

  @Test
  void aCounterThatOverflowsIsAnErrorToThoseWhoWaitForIt() {
    fixture.run(
        guest -> {
          Requests requests = new Requests(guest);
          long data = requests.page + 1024;
          int counter = (int) guest.call(EVENTFD, 0);
          guest.putLong(data, -2);
          assertEquals(8, guest.call(WRITE, counter, data, 8));
          assertEquals(1, requests.submit(AioRequest.FSYNC, requests.file, 0, 0, 0, counter));
          assertEquals(0, requests.result());
          guest.putLong(data, counter | ((long) (POLLIN | POLLOUT) << 32));
          assertEquals(1, guest.call(POLL, data, 1, -1));
          assertEquals(POLLIN | POLLERR, guest.getInt(data + 4) >>> 16);
          assertEquals(8, guest.call(READ, counter, data, 8));
          assertEquals(-1, guest.getLong(data));
        });
  }

  @Test
  void whatFailsLaterIsToldByTheEvent() {
    fixture.run(
        guest -> {
          Requests requests = new Requests(guest);
          guest.put(requests.page + 1024, new byte[8]);
          assertEquals(1, requests.submit(AioRequest.PWRITE, requests.page + 1024, 8, 0));
          assertEquals(8, requests.result());
          assertEquals(1, requests.submit(AioRequest.PREAD, 4096, 8, 0));
          assertErrno(Errno.EFAULT, requests.result());
        });
  }

  @Test
  void aContextIsFullOfEventsThatNobodyTakes() {
    fixture.run(
        guest -> {
          Requests requests = new Requests(guest);
          assertEquals(1, requests.submit(AioRequest.FSYNC, 0, 0, 0));
          assertEquals(1, requests.submit(AioRequest.FDSYNC, 0, 0, 0));
          assertErrno(Errno.EAGAIN, requests.submit(AioRequest.FSYNC, 0, 0, 0));
          assertErrno(
              Errno.EINVAL, guest.call(GETEVENTS, requests.context, 3, 2, requests.page, 0));
          assertErrno(Errno.EFAULT, guest.call(GETEVENTS, requests.context, 1, 2, 0, 0));
          assertEquals(2, guest.call(GETEVENTS, requests.context, 2, 9, requests.page + 512, 0));
          assertEquals(1, requests.submit(AioRequest.FSYNC, 0, 0, 0));
          assertErrno(Errno.EINVAL, guest.call(CANCEL, requests.context, requests.page + 64, 0));
        });
  }

  @Test
  void anEventFdCountsWhatIsDone() {
    fixture.run(
        guest -> {
          Requests requests = new Requests(guest);
          int counter = (int) guest.call(EVENTFD, 0);
          assertEquals(1, requests.submit(AioRequest.FSYNC, requests.file, 0, 0, 0, counter));
          assertEquals(8, guest.call(READ, counter, requests.page + 512, 8));
          assertEquals(1, guest.getLong(requests.page + 512));
        });
  }

  @Test
  void waitingEndsAtTheTimeOrByASignal() {
    fixture.run(
        guest -> {
          Requests requests = new Requests(guest);
          long events = requests.page + 1024;
          guest.putLong(requests.page, 0);
          guest.putLong(requests.page + 8, 1000);
          assertEquals(0, guest.call(GETEVENTS, requests.context, 1, 1, events, requests.page));
          guest.handle(Signals.SIGUSR1);
          int main = (int) guest.call(186);
          guest.thread(
              thread -> {
                fixture.awaitSleep(main);
                assertEquals(0, thread.call(200, main, Signals.SIGUSR1));
              });
          assertErrno(Errno.EINTR, guest.call(PGETEVENTS, requests.context, 1, 1, events, 0, 0));
        });
  }

  @Test
  void impossibleContextsAreRefused() {
    fixture.run(
        guest -> {
          long page = guest.memory(16384);
          guest.putLong(page, 0);
          assertErrno(Errno.EINVAL, guest.call(SETUP, 0, page));
          assertErrno(Errno.EINVAL, guest.call(SETUP, 1L << 31, page));
          assertErrno(Errno.EAGAIN, guest.call(SETUP, 100_000, page));
          assertErrno(Errno.EFAULT, guest.call(SETUP, 1, 0));
          guest.putLong(page, 1);
          assertErrno(Errno.EINVAL, guest.call(SETUP, 1, page));
        });
  }

  @Test
  void aPollEndsWhenItsFileIsReady() {
    fixture.run(
        guest -> {
          Requests requests = new Requests(guest);
          long ends = requests.page + 512;
          assertEquals(0, guest.call(PIPE, ends));
          int reader = guest.getInt(ends);
          int writer = guest.getInt(ends + 4);
          assertErrno(Errno.EINVAL, requests.submit(AioRequest.POLL, reader, POLLIN, 1, 0, -1));
          assertErrno(Errno.EINVAL, requests.submit(AioRequest.POLL, reader, 1 << 16, 0, 0, -1));
          assertEquals(1, requests.submit(AioRequest.POLL, writer, POLLOUT, 0, 0, -1));
          assertEquals(POLLOUT, requests.result());
          assertEquals(1, requests.submit(AioRequest.POLL, reader, POLLIN, 0, 0, -1));
          long timeout = requests.page + 768;
          assertEquals(
              0, guest.call(GETEVENTS, requests.context, 1, 1, requests.page + 256, timeout));
          assertEquals(1, guest.call(WRITE, writer, requests.page, 1));
          assertEquals(POLLIN, requests.result());
        });
  }

  @Test
  void aPollIsCancelledByItselfOrWithItsContext() {
    fixture.run(
        guest -> {
          Requests requests = new Requests(guest);
          long ends = requests.page + 512;
          assertEquals(0, guest.call(PIPE, ends));
          int reader = guest.getInt(ends);
          assertEquals(1, requests.submit(AioRequest.POLL, reader, POLLIN, 0, 0, -1));
          long request = requests.page + 64;
          assertErrno(Errno.EINPROGRESS, guest.call(CANCEL, requests.context, request, 0));
          assertEquals(0, requests.result());
          assertErrno(Errno.EINVAL, guest.call(CANCEL, requests.context, request, 0));
          assertEquals(1, requests.submit(AioRequest.POLL, reader, POLLIN, 0, 0, -1));
          assertEquals(0, guest.call(DESTROY, requests.context));
        });
  }
}
