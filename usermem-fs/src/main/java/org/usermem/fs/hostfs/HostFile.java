package org.usermem.fs.hostfs;

import java.util.concurrent.locks.ReentrantLock;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AllocateMode;
import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.RegularFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.page.BackingChannel;
import org.usermem.fs.page.BackingFile;
import org.usermem.fs.page.CachedContents;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** A regular file of the host. */
final class HostFile extends RegularFile {

  private final HostFileSystem fileSystem;
  private final HostNode node;
  private final CachedContents contents;

  /** Held during each change of size or contents; see the package for the order of locks. */
  private final ReentrantLock changing = new ReentrantLock();

  HostFile(HostFileSystem fileSystem, HostNode node) {
    super(fileSystem, node.number());
    this.fileSystem = fileSystem;
    this.node = node;
    this.contents =
        new CachedContents(
            fileSystem.context().memoryFile(),
            new Backing(),
            fileSystem.retained(),
            node.known().byteSize());
  }

  /** The file as its contents see it. */
  private final class Backing implements BackingFile {

    @Override
    public BackingChannel open(boolean writable) {
      return fileSystem.opener().open(node, writable);
    }

    @Override
    public boolean isUsed() {
      return HostFile.this.isUsed();
    }

    @Override
    public boolean isExclusive() {
      return fileSystem.isExclusive();
    }

    @Override
    public boolean isReadOnly() {
      return fileSystem.isReadOnly();
    }

    @Override
    public boolean isRemoved() {
      return node.isRemoved();
    }

    @Override
    public long byteSize() {
      return node.current().byteSize();
    }

    @Override
    public void changed() {
      node.touch();
    }
  }

  HostNode node() {
    return node;
  }

  CachedContents contents() {
    return contents;
  }

  @Override
  public FileDescription open(OpenRequest request) {
    // The use comes first, so that a last use that ends meanwhile does not close the channel.
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
        // The host can't be asked through Java; promising no space is what most do.
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
  public BasicAttributes basicAttributes() {
    return node;
  }

  @Override
  public FileAttributes attributes() {
    return node.show(contents.byteSize());
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
    node.change(change);
  }

  @Override
  public ExtendedAttributes extendedAttributes() {
    return new HostExtendedAttributes(node);
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
