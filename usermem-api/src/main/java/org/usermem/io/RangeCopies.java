package org.usermem.io;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.errno.PartialCopyException;

/**
 * Copies over several ranges, made of copies over one; {@code CopyInVec} and its like of gVisor.
 */
final class RangeCopies {

  private RangeCopies() {}

  static long copyOut(
      IO io, AddrRangeSeq dst, MemorySegment src, long srcOffset, long byteCount, IOOpts opts) {
    Objects.checkFromIndexSize(srcOffset, byteCount, src.byteSize());
    long total = Math.min(byteCount, dst.numBytes());
    long done = 0;
    for (int i = 0; done < total; i++) {
      long wanted = Math.min(total - done, dst.byteCount(i));
      if (wanted == 0) {
        continue;
      }
      long copied;
      try {
        copied = io.copyOut(dst.start(i), src, srcOffset + done, wanted, opts);
      } catch (LinuxException e) {
        return doneOrThrow(done, e);
      }
      done += copied;
      if (copied < wanted) {
        return done;
      }
    }
    return done;
  }

  static long copyIn(
      IO io, AddrRangeSeq src, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts) {
    Objects.checkFromIndexSize(dstOffset, byteCount, dst.byteSize());
    long total = Math.min(byteCount, src.numBytes());
    long done = 0;
    for (int i = 0; done < total; i++) {
      long wanted = Math.min(total - done, src.byteCount(i));
      if (wanted == 0) {
        continue;
      }
      long copied;
      try {
        copied = io.copyIn(src.start(i), dst, dstOffset + done, wanted, opts);
      } catch (LinuxException e) {
        return doneOrThrow(done, e);
      }
      done += copied;
      if (copied < wanted) {
        return done;
      }
    }
    return done;
  }

  static long zeroOut(IO io, AddrRangeSeq dst, long byteCount, IOOpts opts) {
    Objects.checkFromIndexSize(0, byteCount, Long.MAX_VALUE);
    long total = Math.min(byteCount, dst.numBytes());
    long done = 0;
    for (int i = 0; done < total; i++) {
      long wanted = Math.min(total - done, dst.byteCount(i));
      if (wanted == 0) {
        continue;
      }
      long zeroed;
      try {
        zeroed = io.zeroOut(dst.start(i), wanted, opts);
      } catch (LinuxException e) {
        return doneOrThrow(done, e);
      }
      done += zeroed;
      if (zeroed < wanted) {
        return done;
      }
    }
    return done;
  }

  private static long doneOrThrow(long done, LinuxException e) {
    if (done == 0) {
      throw e;
    }
    return done;
  }

  static void requireAll(long copied, long byteCount) {
    if (copied < byteCount) {
      throw new PartialCopyException(Errno.EFAULT, copied, byteCount);
    }
  }
}
