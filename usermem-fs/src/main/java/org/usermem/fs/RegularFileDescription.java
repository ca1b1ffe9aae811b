package org.usermem.fs;

import java.util.concurrent.locks.ReentrantLock;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileMode;
import org.usermem.fs.watch.WatchEvents;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.MappableRange;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * A description of a regular file: a position, and the rules that all regular files have in common
 * ({@code generic_write_checks} and its neighbours in Linux's {@code mm/filemap.c}).
 */
public class RegularFileDescription extends FileDescription {

  private final RegularFile file;

  // Held during a whole read or write at the position (f_pos_lock of Linux), so that two of them
  // never use the same position. Comes before all locks of the file itself.
  private final ReentrantLock positionLock = new ReentrantLock();
  private long position;

  /**
   * Creates a description.
   *
   * @param file the file
   * @param request what was asked for
   */
  public RegularFileDescription(RegularFile file, OpenRequest request) {
    super(request);
    this.file = file;
  }

  /** Returns the file. */
  protected final RegularFile file() {
    return file;
  }

  @Override
  public final boolean hasPositions() {
    return true;
  }

  @Override
  protected final long onRead(Sink dst, TransferOptions options) {
    positionLock.lock();
    try {
      long byteCount = onReadAt(dst, position, options);
      position += byteCount;
      return byteCount;
    } finally {
      positionLock.unlock();
    }
  }

  @Override
  protected final long onReadAt(Sink dst, long offset, TransferOptions options) {
    if (dst.isEmpty()) {
      return 0;
    }
    long byteCount = file.readAt(dst, offset);
    accessed();
    return byteCount;
  }

  private void accessed() {
    if (!has(OpenFlags.NO_ACCESS_TIME)
        && (location().mount().flags() & (Mount.NO_ACCESS_TIME | Mount.READ_ONLY)) == 0) {
      file.accessed();
    }
  }

  @Override
  protected final long onWrite(Source src, TransferOptions options) {
    positionLock.lock();
    try {
      if (appends(options)) {
        return append(src, options, true);
      }
      long byteCount = writeChecked(src, position, options);
      position += byteCount;
      return byteCount;
    } finally {
      positionLock.unlock();
    }
  }

  @Override
  protected final long onWriteAt(Source src, long offset, TransferOptions options) {
    return appends(options) ? append(src, options, false) : writeChecked(src, offset, options);
  }

  private boolean appends(TransferOptions options) {
    return options.has(TransferOptions.APPEND)
        || (has(OpenFlags.APPEND) && !options.has(TransferOptions.NO_APPEND));
  }

  private long append(Source src, TransferOptions options, boolean movesPosition) {
    file.appending.lock();
    try {
      long end = file.byteSize();
      long byteCount = writeChecked(src, end, options);
      if (movesPosition && byteCount > 0) {
        position = end + byteCount;
      }
      return byteCount;
    } finally {
      file.appending.unlock();
    }
  }

  private long writeChecked(Source src, long offset, TransferOptions options) {
    long wanted = src.numBytes();
    if (wanted == 0) {
      return 0;
    }
    long room = options.fileByteLimit() - offset;
    if (room <= 0) {
      throw LinuxException.of(Errno.EFBIG);
    }
    dropPrivileges();
    long byteCount = file.writeAt(wanted > room ? src.takeFirst(room) : src, offset);
    // O_SYNC contains the bit of O_DSYNC.
    if (has(OpenFlags.SYNC) || options.has(TransferOptions.DATA_SYNC | TransferOptions.SYNC)) {
      file.sync(!has(OpenFlags.SYNC & ~OpenFlags.DATA_SYNC));
    }
    return byteCount;
  }

  private void dropPrivileges() {
    file.dropCapabilities();
    int mode = file.mode();
    if ((mode & (FileMode.SET_USER_ID | FileMode.SET_GROUP_ID)) != 0
        && !credentials().has(Capability.FSETID)) {
      int left = FileMode.withoutPrivileges(mode);
      if (left != mode) {
        file.setAttributes(AttributeChange.NONE.withMode(left & FileMode.CHANGEABLE));
      }
    }
  }

  @Override
  public final long seek(long offset, Whence whence) {
    positionLock.lock();
    try {
      long target =
          switch (whence) {
            case SET -> offset;
            case CURRENT -> sum(position, offset);
            case END -> sum(file.byteSize(), offset);
            case DATA -> file.nextData(requireWithinFile(offset));
            case HOLE -> file.nextHole(requireWithinFile(offset));
          };
      if (target < 0) {
        throw LinuxException.of(Errno.EINVAL);
      }
      position = target;
      return target;
    } finally {
      positionLock.unlock();
    }
  }

  private static long sum(long base, long offset) {
    long result = base + offset;
    if (((base ^ result) & (offset ^ result)) < 0) {
      // As a position that is negative (vfs_setpos).
      throw LinuxException.of(Errno.EINVAL);
    }
    return result;
  }

  private static long requireWithinFile(long offset) {
    if (offset < 0) {
      throw LinuxException.of(Errno.ENXIO);
    }
    return offset;
  }

  @Override
  public final long position() {
    positionLock.lock();
    try {
      return position;
    } finally {
      positionLock.unlock();
    }
  }

  @Override
  public final void sync(boolean dataOnly) {
    file.sync(dataOnly);
  }

  @Override
  public final void allocate(
      AllocateMode mode, long offset, long byteCount, TransferOptions options) {
    if (!isWritable()) {
      throw LinuxException.of(Errno.EBADF);
    }
    if (offset < 0 || byteCount <= 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long end = offset + byteCount;
    if (end < 0) {
      throw LinuxException.of(Errno.EFBIG);
    }
    boolean grows = mode == AllocateMode.EXTEND || mode == AllocateMode.ZERO_RANGE;
    if (grows && end > options.fileByteLimit() && end > file.byteSize()) {
      throw LinuxException.of(Errno.EFBIG);
    }
    dropPrivileges();
    file.allocate(mode, offset, byteCount);
    FileEvents.happened(location(), WatchEvents.MODIFY);
  }

  @Override
  public final void truncate(long byteSize, TransferOptions options) {
    if (byteSize < 0 || !isWritable()) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (byteSize > options.fileByteLimit() && byteSize > file.byteSize()) {
      throw LinuxException.of(Errno.EFBIG);
    }
    long now = file.fileSystem().context().clock().nanos();
    AttributeChange change =
        AttributeChange.NONE.withByteSize(byteSize).withModificationTime(now).withChangeTime(now);
    file.dropCapabilities();
    int left = FileMode.withoutPrivileges(file.mode());
    if (left != file.mode() && !credentials().has(Capability.FSETID)) {
      change = change.withMode(left & FileMode.CHANGEABLE);
    }
    file.setAttributes(change);
    FileEvents.changed(location(), WatchEvents.MODIFY);
  }

  @Override
  public final void msync(MappableRange range) {
    file.syncMapped(range);
  }

  @Override
  public final void punchHole(MappableRange range) {
    allocate(AllocateMode.PUNCH_HOLE, range.start(), range.byteCount(), TransferOptions.DEFAULT);
  }

  @Override
  public MapOptions configureMap(MapOptions options) {
    MapOptions configured =
        options.toBuilder().mappable(file.mappable(), this, options.offset()).build();
    accessed();
    incRef();
    return configured;
  }
}
