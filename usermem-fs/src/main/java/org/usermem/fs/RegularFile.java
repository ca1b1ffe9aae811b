package org.usermem.fs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * A regular file: bytes that are read and written by position.
 *
 * <p>A file system implements {@link #byteSize}, {@link #readAt}, {@link #writeAt} and whatever
 * more it can do. The position, appending, limits and checks of a description are the work of
 * {@link RegularFileDescription}, which {@link #open} makes by default.
 */
public abstract class RegularFile extends Inode {

  private static final VarHandle WRITERS;

  static {
    try {
      WRITERS = MethodHandles.lookup().findVarHandle(RegularFile.class, "writers", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Held by appenders from asking for the size until they have written, so that none overwrites
  // another (i_rwsem of Linux does the same).
  final ReentrantLock appending = new ReentrantLock();

  // How many descriptions write, or, negative, how many forbid it (i_writecount of Linux).
  @SuppressWarnings("UnusedVariable") // through WRITERS
  private volatile int writers;

  // Whether there may be capabilities for a write to take away (Linux: not S_NOSEC).
  private volatile boolean capable = true;

  /**
   * Creates a regular file.
   *
   * @param fileSystem the file system that it belongs to
   * @param number its inode number, unique in the file system
   */
  protected RegularFile(FileSystem fileSystem, long number) {
    super(fileSystem, number);
  }

  /**
   * Throws unless the file may be written to now.
   *
   * @throws LinuxException ETXTBSY while the file is executed
   */
  public final void requireNotExecuted() {
    if ((int) WRITERS.getVolatile(this) < 0) {
      throw LinuxException.of(Errno.ETXTBSY);
    }
  }

  /**
   * Counts one more that writes (1) or forbids writing (-1); ETXTBSY while there is one of the
   * other kind.
   */
  final void claim(int direction) {
    int current;
    do {
      current = (int) WRITERS.getVolatile(this);
      if (Integer.signum(current) == -direction) {
        throw LinuxException.of(Errno.ETXTBSY);
      }
    } while (!WRITERS.compareAndSet(this, current, current + direction));
  }

  final void unclaim(int direction) {
    WRITERS.getAndAdd(this, -direction);
  }

  /**
   * Is told that a description is about to be made: what can't be opened fails here rather than
   * when it is read. There is a use at the time.
   *
   * @param writes whether it will be written to
   * @throws LinuxException what the storage says
   */
  public void prepareOpen(boolean writes) {}

  /** Returns the size in bytes. */
  public abstract long byteSize();

  /**
   * Reads bytes into a program's memory.
   *
   * <p>The bytes go through {@link Sink#copyOutFrom} or {@link Sink#copyOut}, so that a bad pointer
   * shows before anything is consumed.
   *
   * @param dst where the bytes go; not empty
   * @param offset position of the first byte, not negative
   * @return the number of bytes read; 0 at or after the end
   * @throws LinuxException EFAULT if nothing was read because of the memory; EIO
   */
  public abstract long readAt(Sink dst, long offset);

  /**
   * Writes bytes of a program's memory, growing the file as needed.
   *
   * @param src where the bytes come from; not empty
   * @param offset position of the first byte, not negative; {@code offset + src.numBytes()} does
   *     not overflow
   * @return the number of bytes written
   * @throws LinuxException EFAULT if nothing was written because of the memory; ENOSPC, EFBIG, EIO;
   *     EPERM if a seal forbids it
   */
  public long writeAt(Source src, long offset) {
    throw LinuxException.of(Errno.EBADF);
  }

  /**
   * Allocates or frees space, as fallocate(2).
   *
   * @param mode what to do
   * @param offset start of the range, not negative
   * @param byteCount length of the range, positive
   * @throws LinuxException EOPNOTSUPP if the file system can't; ENOSPC, EFBIG
   */
  public void allocate(AllocateMode mode, long offset, long byteCount) {
    throw LinuxException.of(Errno.EOPNOTSUPP);
  }

  /**
   * Returns where the next data begins, as lseek(2) with SEEK_DATA. By default a file is all data.
   *
   * @param offset where to look from, not negative
   * @throws LinuxException ENXIO if there is none up to the end
   */
  public long nextData(long offset) {
    if (offset >= byteSize()) {
      throw LinuxException.of(Errno.ENXIO);
    }
    return offset;
  }

  /**
   * Returns where the next hole begins, as lseek(2) with SEEK_HOLE; the end of the file is one.
   *
   * @param offset where to look from, not negative
   * @throws LinuxException ENXIO if the offset is at or after the end
   */
  public long nextHole(long offset) {
    long end = byteSize();
    if (offset >= end) {
      throw LinuxException.of(Errno.ENXIO);
    }
    return end;
  }

  /**
   * Returns what a program can map of this file, the same object each time.
   *
   * @throws LinuxException ENODEV if the file can't be mapped
   */
  public Mappable mappable() {
    throw LinuxException.of(Errno.ENODEV);
  }

  /**
   * Writes a mapped range to storage, as msync(2) with MS_SYNC.
   *
   * @throws LinuxException EIO
   */
  public void syncMapped(MappableRange range) {
    sync(true);
  }

  /**
   * Writes the file to storage, as fsync(2).
   *
   * @param dataOnly whether attributes that are not needed to read the data may stay (fdatasync(2))
   * @throws LinuxException EIO, ENOSPC
   */
  public void sync(boolean dataOnly) {}

  /**
   * Takes away the capabilities that the file gives to who executes it, as whoever writes to it
   * must ({@code file_remove_privs}). It is looked for once, and again after an attribute was set.
   */
  public final void dropCapabilities() {
    if (!capable) {
      return;
    }
    // First: an attribute that is set meanwhile counts again.
    capable = false;
    try {
      extendedAttributes().remove("security.capability");
    } catch (LinuxException e) {
      // Most have none, or can't.
      return;
    }
  }

  /** Is told that an extended attribute was set. */
  public final void mayHaveCapabilities() {
    capable = true;
  }

  /** Is told that bytes were read, for the access time; only if the mount wants it. */
  public void accessed() {}

  @Override
  public FileDescription open(OpenRequest request) {
    return new RegularFileDescription(this, request);
  }
}
