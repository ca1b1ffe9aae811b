package org.usermem.linux.file;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * What io_submit(2) is asked to do: {@code struct iocb} (include/uapi/linux/aio_abi.h).
 *
 * @param data what its event carries
 * @param flags RWF_*
 * @param operation IOCB_CMD_*
 * @param fd the file
 * @param buffer the address of the bytes, or of the vector; the events of a poll
 * @param count how many bytes, or how many entries the vector has
 * @param offset where in the file
 * @param signals whether an eventfd is signalled at the end
 * @param eventFd the eventfd
 */
record AioRequest(
    long data,
    int flags,
    int operation,
    int fd,
    long buffer,
    long count,
    long offset,
    boolean signals,
    int eventFd) {
  /** Length of the structure in bytes. */
  static final int BYTE_COUNT = 64;

  /** Where in the structure the kernel puts its key. */
  static final int KEY = 8;

  static final int PREAD = 0;
  static final int PWRITE = 1;
  static final int FSYNC = 2;
  static final int FDSYNC = 3;
  static final int POLL = 5;
  static final int PREADV = 7;
  static final int PWRITEV = 8;

  private static final int FLAG_RESFD = 1;

  /**
   * Reads the structure.
   *
   * @throws LinuxException EINVAL if what must be zero is not
   */
  static AioRequest decode(MemorySegment iocb) {
    long count = iocb.get(JAVA_LONG_UNALIGNED, 32);
    if (iocb.get(JAVA_LONG_UNALIGNED, 48) != 0 || count < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return new AioRequest(
        iocb.get(JAVA_LONG_UNALIGNED, 0),
        iocb.get(JAVA_INT_UNALIGNED, 12),
        Short.toUnsignedInt(iocb.get(JAVA_SHORT_UNALIGNED, 16)),
        iocb.get(JAVA_INT_UNALIGNED, 20),
        iocb.get(JAVA_LONG_UNALIGNED, 24),
        count,
        iocb.get(JAVA_LONG_UNALIGNED, 40),
        (iocb.get(JAVA_INT_UNALIGNED, 56) & FLAG_RESFD) != 0,
        iocb.get(JAVA_INT_UNALIGNED, 60));
  }

  /** Returns whether the buffer is a vector of buffers. */
  boolean isVector() {
    return operation == PREADV || operation == PWRITEV;
  }
}
