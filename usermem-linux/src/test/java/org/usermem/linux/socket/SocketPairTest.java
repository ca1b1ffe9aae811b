package org.usermem.linux.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class SocketPairTest {
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int CLOSE = 3;
  private static final int RECVFROM = 45;
  private static final int MSG_PEEK = 2;
  private static final int SOCKETPAIR = 53;
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_SEQPACKET = 5;
  private static final int NON_BLOCKING = 04000;
  private static final int LONG_MESSAGE = 30_000;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static int[] pair(Guest guest, int type) {
    long memory = guest.memory(1 << 16);
    assertEquals(0, guest.call(SOCKETPAIR, AF_UNIX, type | NON_BLOCKING, 0, memory));
    ByteBuffer numbers = ByteBuffer.wrap(guest.get(memory, 8)).order(ByteOrder.LITTLE_ENDIAN);
    return new int[] {numbers.getInt(0), numbers.getInt(4)};
  }

  @Test
  void eachReadGetsOneMessageHoweverLongItIs() {
    fixture.run(
        guest -> {
          for (int type : new int[] {SOCK_DGRAM, SOCK_SEQPACKET}) {
            int[] pair = pair(guest, type);
            long memory = guest.memory(1 << 16);
            assertEquals(LONG_MESSAGE, guest.call(WRITE, pair[0], memory, LONG_MESSAGE));
            assertEquals(2, guest.call(WRITE, pair[0], memory, 2));
            assertEquals(9, guest.call(WRITE, pair[0], memory, 9));
            assertEquals(LONG_MESSAGE, guest.call(READ, pair[1], memory, 1 << 16));
            assertEquals(1, guest.call(READ, pair[1], memory, 1));
            assertEquals(9, guest.call(READ, pair[1], memory, 100));
            assertErrno(Errno.EAGAIN, guest.call(READ, pair[1], memory, 100));
          }
        });
  }

  @Test
  void nothingIsTakenByWhoOnlyWantsToLook() {
    fixture.run(
        guest -> {
          for (int type : new int[] {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) {
            int[] pair = pair(guest, type);
            long memory = guest.memory(16);
            assertEquals(4, guest.call(WRITE, pair[0], memory, 4));
            assertErrno(Errno.EOPNOTSUPP, guest.call(RECVFROM, pair[1], memory, 4, MSG_PEEK, 0, 0));
            assertEquals(4, guest.call(RECVFROM, pair[1], memory, 4, 0, 0, 0));
          }
        });
  }

  @Test
  void aWriterWaitsWhenTheBufferIsFullAndAMessageThatNeverFitsIsRefused() {
    fixture.run(
        guest -> {
          int[] pair = pair(guest, SOCK_DGRAM);
          long memory = guest.memory(1 << 16);
          assertErrno(Errno.EMSGSIZE, guest.call(WRITE, pair[0], memory, MessageLane.BUFFER));
          long sent = 0;
          while (sent < 100) {
            long result = guest.call(WRITE, pair[0], memory, LONG_MESSAGE);
            if (result < 0) {
              assertErrno(Errno.EAGAIN, result);
              break;
            }
            sent++;
          }
          assertTrue(sent > 2 && sent < 100, sent + " messages");
          assertEquals(1, guest.call(READ, pair[1], memory, 1));
          assertEquals(1, guest.call(WRITE, pair[0], memory, 1));
        });
  }

  @Test
  void whoReadsLearnsOfTheEndOfAConnectionOnly() {
    fixture.run(
        guest -> {
          long memory = guest.memory(1 << 16);
          for (int type : new int[] {SOCK_STREAM, SOCK_SEQPACKET}) {
            int[] pair = pair(guest, type);
            assertEquals(3, guest.call(WRITE, pair[0], memory, 3));
            assertEquals(0, guest.call(CLOSE, pair[0]));
            assertEquals(3, guest.call(READ, pair[1], memory, 10));
            assertEquals(0, guest.call(READ, pair[1], memory, 10));
          }
          int[] pair = pair(guest, SOCK_DGRAM);
          assertEquals(0, guest.call(CLOSE, pair[0]));
          assertErrno(Errno.EAGAIN, guest.call(READ, pair[1], memory, 10));
          assertErrno(Errno.ECONNREFUSED, guest.call(WRITE, pair[1], memory, 10));
        });
  }
}
