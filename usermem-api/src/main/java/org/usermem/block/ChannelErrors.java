package org.usermem.block;

import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import org.usermem.errno.Errno;
import org.usermem.errno.HostErrno;
import org.usermem.errno.LinuxException;

/** What becomes of an error in the middle of a transfer. */
final class ChannelErrors {

  private ChannelErrors() {}

  /** The bytes that are done, or the error if there are none. */
  static long doneOrThrow(long done, Errno errno) {
    if (done == 0) {
      throw LinuxException.of(errno);
    }
    return done;
  }

  /** The bytes that are done, or the error if there are none. */
  static long doneOrThrow(long done, Exception e) {
    return doneOrThrow(
        done,
        switch (e) {
          case IOException io -> HostErrno.of(io);
          case NotYetConnectedException _ -> Errno.ENOTCONN;
          // A channel that was not opened for this direction.
          default -> Errno.EBADF;
        });
  }
}
