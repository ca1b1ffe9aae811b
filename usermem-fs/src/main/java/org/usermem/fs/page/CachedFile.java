package org.usermem.fs.page;

import java.util.concurrent.locks.ReentrantLock;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AllocateMode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileSystem;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.RegularFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * A regular file whose bytes are in some storage, with a cache of what is mapped of them. A file
 * system adds the attributes.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public abstract class CachedFile extends RegularFile {

  private final CachedContents contents;

  /** Held during each change of size or contents; it comes before the locks of the contents. */
  private final ReentrantLock changing = new ReentrantLock();

  /**
   * Creates a file.
   *
   * @param fileSystem the file system that it belongs to
   * @param number its inode number
   * @param storage where its bytes are
   * @param retained who decides which pages are kept that nobody maps any more
   * @param byteSize the size of the file
   */
  @SuppressWarnings("this-escape") // The contents only ask whether the file is used, later.
  protected CachedFile(
      FileSystem fileSystem,
      long number,
      BackingFile storage,
      RetainedPages retained,
      long byteSize) {
    super(fileSystem, number);
    this.contents = new CachedContents(this, storage, retained, byteSize);
  }

  /** Returns the bytes. */
  public final CachedContents contents() {
    return contents;
  }

  /** Changes attributes in the storage, but for the size. */
  protected abstract void changeStored(AttributeChange change);

  @Override
  public FileDescription open(OpenRequest request) {
    // The use comes first, so that a last use that ends meanwhile does not close the storage.
    incUses();
    try {
      prepareOpen(OpenFlags.writes(request.flags()));
      return super.open(request);
    } finally {
      decUses();
    }
  }

  @Override
  public void prepareOpen(boolean writes) {
    contents.open(writes);
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
  public long writeAt(Source src, long offset) {
    changing.lock();
    try {
      return contents.write(src, offset);
    } finally {
      changing.unlock();
    }
  }

  @Override
  public void allocate(AllocateMode mode, long offset, long byteCount) {
    long end = offset + byteCount;
    changing.lock();
    try {
      switch (mode) {
        case EXTEND -> contents.extend(end);
        // Storage can't be asked through Java; promising no space is what most do.
        case KEEP_SIZE -> {}
        case PUNCH_HOLE, ZERO_RANGE_KEEP_SIZE -> contents.zero(offset, end);
        case ZERO_RANGE -> {
          contents.zero(offset, end);
          contents.extend(end);
        }
        default -> throw LinuxException.of(Errno.EOPNOTSUPP);
      }
    } finally {
      changing.unlock();
    }
  }

  @Override
  public Mappable mappable() {
    return contents;
  }

  @Override
  public void syncMapped(MappableRange range) {
    contents.writeBack(range.start(), range.end());
  }

  @Override
  public void sync(boolean dataOnly) {
    contents.sync(dataOnly);
  }

  @Override
  public void setAttributes(AttributeChange change) {
    changing.lock();
    try {
      if (change.changes(AttributeChange.BYTE_SIZE)) {
        contents.resize(change.byteSize());
      }
    } finally {
      changing.unlock();
    }
    changeStored(change);
  }

  @Override
  protected void idle() {
    contents.idle();
  }

  @Override
  protected void dispose() {
    contents.dispose();
  }
}
