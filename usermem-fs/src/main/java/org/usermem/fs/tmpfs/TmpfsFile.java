package org.usermem.fs.tmpfs;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AllocateMode;
import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.FileDescription;
import org.usermem.fs.NewFile;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.RegularFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileMode;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.page.FilePages;
import org.usermem.memmap.Mappable;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** A regular file in memory, also what memfd_create(2) makes. */
public final class TmpfsFile extends RegularFile {

  private final TmpfsFileSystem fileSystem;
  private final TmpfsNode node;
  private final TmpfsContents contents;

  /** Held during each change of size or contents; see the package for the order of locks. */
  private final ChangeLock changing = new ChangeLock();

  // Changed with the lock held. Files that a directory holds can't be sealed.
  private volatile int seals = Seals.SEAL;

  TmpfsFile(TmpfsFileSystem fileSystem, NewFile attributes, int linkCount) {
    super(fileSystem, fileSystem.takeInode());
    this.fileSystem = fileSystem;
    this.node = new TmpfsNode(fileSystem, FileType.REGULAR, attributes, linkCount);
    this.contents = new TmpfsContents(fileSystem);
  }

  TmpfsNode node() {
    return node;
  }

  @Override
  public long byteSize() {
    return contents.byteSize();
  }

  @Override
  public long readAt(Sink dst, long offset) {
    return contents.read(dst, offset);
  }

  @Override
  public void accessed() {
    node.attributes().accessed(fileSystem::now);
  }

  @Override
  public long writeAt(Source src, long offset) {
    changing.lock();
    try {
      requireUnsealed(Seals.WRITE | Seals.FUTURE_WRITE);
      long byteCount = contents.write(cutIfSealed(src, offset), offset);
      node.attributes().modified(fileSystem.now());
      return byteCount;
    } finally {
      changing.unlock();
    }
  }

  private Source cutIfSealed(Source src, long offset) {
    long size = contents.byteSize();
    if ((seals & Seals.GROW) == 0 || offset + src.numBytes() <= size) {
      return src;
    }
    if (offset >= size) {
      throw LinuxException.of(Errno.EPERM);
    }
    return src.takeFirst(size - offset);
  }

  @Override
  public long nextData(long offset) {
    return contents.nextData(offset);
  }

  @Override
  public long nextHole(long offset) {
    return contents.nextHole(offset);
  }

  @Override
  public void allocate(AllocateMode mode, long offset, long byteCount) {
    long end = offset + byteCount;
    if (end > FilePages.BYTE_SIZE_LIMIT) {
      throw LinuxException.of(Errno.EFBIG);
    }
    changing.lock();
    try {
      switch (mode) {
        case EXTEND, KEEP_SIZE -> {
          boolean grows = mode == AllocateMode.EXTEND;
          if (grows && end > contents.byteSize()) {
            requireUnsealed(Seals.GROW);
          }
          contents.reserve(offset, end, grows);
        }
        case PUNCH_HOLE -> {
          requireUnsealed(Seals.WRITE | Seals.FUTURE_WRITE);
          contents.punchHole(offset, end);
        }
        default -> throw LinuxException.of(Errno.EOPNOTSUPP);
      }
      node.attributes().modified(fileSystem.now());
    } finally {
      changing.unlock();
    }
  }

  @Override
  public Mappable mappable() {
    return contents;
  }

  /** Returns the seals, as fcntl(F_GET_SEALS). */
  public int seals() {
    return seals;
  }

  /** Allows seals; only for a file that nobody has seen yet (MFD_ALLOW_SEALING). */
  public void allowSeals(int initial) {
    seals = initial;
  }

  /**
   * Adds seals, as fcntl(F_ADD_SEALS).
   *
   * @throws LinuxException EINVAL for unknown seals; EPERM if no more can be added; EBUSY to seal
   *     against writing what is mapped for writing
   */
  public void addSeals(int more) {
    if ((more & ~Seals.ALL) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    changing.lock();
    try {
      requireUnsealed(Seals.SEAL);
      int added = more;
      if ((added & Seals.EXECUTE) != 0 && (mode() & FileMode.ANY_EXECUTE) != 0) {
        added |= Seals.SHRINK | Seals.GROW | Seals.WRITE | Seals.FUTURE_WRITE;
      }
      int against = added & ~seals & (Seals.WRITE | Seals.FUTURE_WRITE);
      if (against != 0) {
        contents.sealForMapping((against & Seals.WRITE) == 0);
      }
      seals = seals | added;
    } finally {
      changing.unlock();
    }
  }

  private void requireUnsealed(int forbidding) {
    if ((seals & forbidding) != 0) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  @Override
  public BasicAttributes basicAttributes() {
    return node.attributes();
  }

  @Override
  public FileAttributes attributes() {
    return node.attributes()
        .snapshot(fileSystem.deviceId(), number(), 0, contents.byteSize(), contents.blockCount());
  }

  @Override
  public void setAttributes(AttributeChange change) {
    changing.lock();
    try {
      if (change.changes(AttributeChange.MODE)
          && ((change.mode() ^ mode()) & FileMode.ANY_EXECUTE) != 0) {
        requireUnsealed(Seals.EXECUTE);
      }
      if (change.changes(AttributeChange.BYTE_SIZE)) {
        resize(change.byteSize());
      }
      node.attributes().apply(change);
    } finally {
      changing.unlock();
    }
  }

  private void resize(long newByteSize) {
    long byteSize = contents.byteSize();
    if (newByteSize != byteSize) {
      requireUnsealed(newByteSize > byteSize ? Seals.GROW : Seals.SHRINK);
    }
    contents.resize(newByteSize);
  }

  @Override
  public FileDescription open(OpenRequest request) {
    return new TmpfsFileDescription(this, request);
  }

  @Override
  public ExtendedAttributes extendedAttributes() {
    return node.extendedAttributes();
  }

  @Override
  protected void idle() {
    contents.dropSpare();
  }

  @Override
  protected void dispose() {
    freeAll();
    node.dispose();
  }

  /** Frees the contents. */
  void freeAll() {
    contents.resize(0);
  }
}
