package org.usermem.kernel.signal;

import java.util.Arrays;

/** What a signal carries besides its number: the union of {@code siginfo_t}. */
public sealed interface SignalPayload {

  /** Nothing. */
  record None() implements SignalPayload {}

  /**
   * Sent by kill, tkill or tgkill.
   *
   * @param pid process of the sender
   * @param uid real user of the sender
   */
  record Sender(int pid, int uid) implements SignalPayload {}

  /**
   * Sent with a value by sigqueue.
   *
   * @param pid process of the sender
   * @param uid real user of the sender
   * @param value the {@code sigval}, as eight bytes
   */
  record Value(int pid, int uid, long value) implements SignalPayload {}

  /**
   * A POSIX timer expired.
   *
   * @param timerId the timer
   * @param overrun expirations beyond the first since the last delivery
   * @param value the {@code sigval}, as eight bytes
   */
  record Timer(int timerId, int overrun, long value) implements SignalPayload {}

  /**
   * A child changed its state.
   *
   * @param pid the child
   * @param uid the child's real user
   * @param status exit status or signal number
   * @param userTicks processor time in the program, in hundredths of a second
   * @param systemTicks processor time in the kernel, in hundredths of a second
   */
  record Child(int pid, int uid, int status, long userTicks, long systemTicks)
      implements SignalPayload {}

  /**
   * A fault of the program.
   *
   * @param addr the address that faulted
   */
  record Fault(long addr) implements SignalPayload {}

  /**
   * Readiness of a file.
   *
   * @param band poll mask
   * @param fd the file descriptor
   */
  record Band(long band, int fd) implements SignalPayload {}

  /**
   * A system call was refused.
   *
   * @param callAddr address of the instruction
   * @param syscall number of the call
   * @param arch audit number of the architecture
   */
  record Call(long callAddr, int syscall, int arch) implements SignalPayload {}

  /** The 112 bytes that a program or a tracer supplied. */
  final class Raw implements SignalPayload {

    /** Length of the union of {@code siginfo_t} with its alignment. */
    public static final int BYTE_COUNT = 112;

    private final byte[] bytes;

    /**
     * Keeps a copy of bytes.
     *
     * @param bytes {@link #BYTE_COUNT} bytes, those after the padding behind {@code si_code}
     */
    public Raw(byte[] bytes) {
      if (bytes.length != BYTE_COUNT) {
        throw new IllegalArgumentException(
            "a raw payload has " + BYTE_COUNT + " bytes, not " + bytes.length);
      }
      this.bytes = bytes.clone();
    }

    /**
     * Returns a copy of the bytes.
     *
     * @return {@link #BYTE_COUNT} bytes
     */
    public byte[] bytes() {
      return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Raw raw && Arrays.equals(bytes, raw.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }
}
