package org.usermem.platform.terminal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.usermem.errno.Errno;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.HostException;
import org.usermem.platform.host.SystemCall;

/**
 * A descriptor that this process was started with, such as its standard streams: what the streams
 * of {@code System} can't do is wait until there is something to read.
 *
 * <p>Thread safety: every method may be called from any thread; what the host does with calls at
 * the same time is the host's.
 *
 * @param number the descriptor, from 0
 */
public record HostDescriptor(int number) {

  /** Bit of {@link #poll}: there is something to read, or the end of it. */
  public static final int POLLIN = 0x1;

  /** Bit of {@link #poll}: something can be written. */
  public static final int POLLOUT = 0x4;

  /** Bit of {@link #poll}, always asked for: there is an error. */
  public static final int POLLERR = 0x8;

  /** Bit of {@link #poll}, always asked for: the other end is closed. */
  public static final int POLLHUP = 0x10;

  private static final long POLL_BYTES = 8;

  /**
   * Waits until the descriptor is ready.
   *
   * @param events bits of what to wait for
   * @param timeoutMillis how long at most; -1 for ever, 0 to look only
   * @return the bits that hold; 0 when the time is over
   * @throws HostException if there is no such descriptor
   */
  public int poll(int events, int timeoutMillis) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entry = arena.allocate(POLL_BYTES, 8);
      entry.set(ValueLayout.JAVA_INT, 0, number);
      entry.set(ValueLayout.JAVA_SHORT, 4, (short) events);
      long result = HostCalls.current().call(SystemCall.POLL, entry.address(), 1, timeoutMillis);
      if (result == -Errno.EINTR.number()) {
        return 0;
      }
      HostCalls.require(result, "polling descriptor " + number);
      return result == 0 ? 0 : Short.toUnsignedInt(entry.get(ValueLayout.JAVA_SHORT, 6));
    }
  }

  /**
   * Reads as read(2) does; waits until there is something.
   *
   * @param target native memory
   * @return the number of bytes, 0 at the end, or an errno with its sign changed
   */
  public long read(MemorySegment target) {
    return HostCalls.current().call(SystemCall.READ, number, target.address(), target.byteSize());
  }

  /**
   * Writes as write(2) does; waits until there is room.
   *
   * @param source native memory
   * @return the number of bytes, or an errno with its sign changed
   */
  public long write(MemorySegment source) {
    return HostCalls.current().call(SystemCall.WRITE, number, source.address(), source.byteSize());
  }
}
