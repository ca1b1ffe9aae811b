package org.usermem.fs.bridge;

import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AllocateMode;
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
import org.usermem.fs.page.ChannelStorage;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** A regular file of a Java file system. */
final class BridgeFile extends RegularFile {

  private final BridgeFileSystem fileSystem;
  private final BridgeNode node;
  private final CachedContents contents;
  private final ReentrantLock changing = new ReentrantLock();

  BridgeFile(BridgeFileSystem fileSystem, BridgeNode node) {
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
      Path path = node.path();
      Set<OpenOption> options =
          writable
              ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
              : Set.of(StandardOpenOption.READ);
      return BridgeNode.call(
          path, at -> new ChannelStorage(Files.newByteChannel(at, options), writable));
    }

    @Override
    public boolean isUsed() {
      return BridgeFile.this.isUsed();
    }

    @Override
    public boolean isExclusive() {
      return !fileSystem.changesByItself();
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

  BridgeNode node() {
    return node;
  }

  CachedContents contents() {
    return contents;
  }

  @Override
  public FileDescription open(OpenRequest request) {
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
  protected void idle() {
    contents.idle();
  }

  @Override
  protected void dispose() {
    contents.dispose();
  }
}
