package org.usermem.io;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * Strings that end with a zero byte; {@code CopyStringIn} of gVisor, strncpy_from_user of Linux.
 */
final class CStrings {

  /** How many bytes are read at a time: most strings are short, and faults are dear. */
  private static final int INCREMENT = 64;

  private static final int FIRST_CAPACITY = 256;

  private CStrings() {}

  static String copyIn(IO io, long addr, int maxByteCount, IOOpts opts) {
    if (maxByteCount < 0) {
      throw new IllegalArgumentException("byte count " + maxByteCount + " is negative");
    }
    byte[] bytes = new byte[Math.min(maxByteCount, FIRST_CAPACITY)];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    int done = 0;
    while (done < maxByteCount) {
      long at = addr + done;
      int wanted = Math.min(INCREMENT, maxByteCount - done);
      wanted = Math.min(wanted, Addr.bytesToPageEnd(at));
      if (done + wanted > bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(maxByteCount, 2L * bytes.length));
        segment = MemorySegment.ofArray(bytes);
      }
      int copied = (int) io.copyIn(at, segment, done, wanted, opts);
      for (int i = done; i < done + copied; i++) {
        if (bytes[i] == 0) {
          return new String(bytes, 0, i, StandardCharsets.ISO_8859_1);
        }
      }
      done += copied;
      if (copied < wanted || Addr.lessThan(at + copied, at)) {
        throw LinuxException.of(Errno.EFAULT);
      }
    }
    throw LinuxException.of(Errno.ENAMETOOLONG);
  }
}
