package org.usermem.fs;

import java.util.concurrent.locks.ReentrantLock;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.watch.WatchEvents;
import org.usermem.sequence.Sink;

/**
 * A description of a directory. The position is an offset of the file system's, moved up by two to
 * make room for {@code "."} and {@code ".."}.
 */
@SuppressWarnings("ReferenceEquality") // Dentries are themselves.
public class DirectoryDescription extends FileDescription {

  private static final long OWN_ENTRIES = 2;

  private final Directory directory;
  private final ReentrantLock positionLock = new ReentrantLock();
  private long position;

  /**
   * Creates a description.
   *
   * @param directory the directory
   * @param request what was asked for
   */
  public DirectoryDescription(Directory directory, OpenRequest request) {
    super(request);
    this.directory = directory;
  }

  @Override
  public final boolean hasPositions() {
    return true;
  }

  @Override
  protected final long onRead(Sink dst, TransferOptions options) {
    throw LinuxException.of(Errno.EISDIR);
  }

  @Override
  protected final long onReadAt(Sink dst, long offset, TransferOptions options) {
    throw LinuxException.of(Errno.EISDIR);
  }

  @Override
  public final void list(DirectoryVisitor visitor) {
    listFromPosition(visitor);
    FileEvents.happened(location(), WatchEvents.ACCESS);
  }

  private void listFromPosition(DirectoryVisitor visitor) {
    positionLock.lock();
    try {
      Dentry dentry = location().dentry();
      if (dentry.isRemoved()) {
        throw LinuxException.of(Errno.ENOENT);
      }
      if (position == 0) {
        if (!visitor.visit(".", FileType.DIRECTORY, directory.number(), 1)) {
          return;
        }
        position = 1;
      }
      if (position == 1) {
        if (!visitor.visit("..", FileType.DIRECTORY, parentNumber(dentry), OWN_ENTRIES)) {
          return;
        }
        position = OWN_ENTRIES;
      }
      directory.list(
          position - OWN_ENTRIES,
          (name, type, inode, nextOffset) -> {
            if (!visitor.visit(name, type, inode, nextOffset + OWN_ENTRIES)) {
              return false;
            }
            position = nextOffset + OWN_ENTRIES;
            return true;
          });
    } finally {
      positionLock.unlock();
    }
  }

  // Of the root of a mount this is the directory that holds the mount point, as readdir shows it.
  private long parentNumber(Dentry dentry) {
    Location mountPoint = location().mount().mountPoint();
    if (dentry == location().mount().root() && mountPoint != null) {
      Dentry above = mountPoint.dentry().parent();
      return (above == null ? mountPoint.dentry() : above).inode().number();
    }
    Dentry parent = dentry.parent();
    return parent == null ? directory.number() : parent.inode().number();
  }

  @Override
  public final long seek(long offset, Whence whence) {
    positionLock.lock();
    try {
      long target =
          switch (whence) {
            case SET -> offset;
            case CURRENT -> position + offset;
            case END -> directory.endPosition() + offset;
            case DATA, HOLE -> throw LinuxException.of(Errno.EINVAL);
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
    directory.fileSystem().sync();
  }

  @Override
  public final void allocate(
      AllocateMode mode, long offset, long byteCount, TransferOptions options) {
    throw LinuxException.of(isWritable() ? Errno.EISDIR : Errno.EBADF);
  }
}
