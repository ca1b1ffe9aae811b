package org.usermem.fs.overlay;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.AllocateMode;
import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.FileDescription;
import org.usermem.fs.NewFile;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.RegularFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileMode;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.tmpfs.TmpfsFile;
import org.usermem.memmap.Mappable;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * A regular file of an overlay. Once its bytes are in memory, so are all its attributes, with them;
 * the node keeps the number of links alone, and when it changed.
 */
final class OverlayFile extends RegularFile {

  private final OverlayNode node;
  private final BasicAttributes basic = new Basic();
  private final OverlayContents contents;

  /** Held while the bytes are copied up, and while attributes move along. */
  private final ReentrantLock changing = new ReentrantLock();

  OverlayFile(OverlayFileSystem fileSystem, RegularFile lower) {
    this(fileSystem, new OverlayNode(fileSystem, lower), new OverlayContents(fileSystem, lower));
  }

  OverlayFile(OverlayFileSystem fileSystem, NewFile attributes, int linkCount) {
    this(
        fileSystem,
        new OverlayNode(fileSystem, FileType.REGULAR, attributes, linkCount),
        new OverlayContents(fileSystem));
    TmpfsFile upper = contents.upper();
    if (upper != null) {
      upper.setAttributes(attributesOf(node.show(0, 0, 0)));
    }
  }

  private OverlayFile(OverlayFileSystem fileSystem, OverlayNode node, OverlayContents contents) {
    super(fileSystem, node.number());
    this.node = node;
    node.belongsTo(this);
    this.contents = contents;
  }

  private final class Basic implements BasicAttributes {

    private BasicAttributes holder() {
      TmpfsFile upper = contents.upper();
      return upper != null ? upper.basicAttributes() : node;
    }

    @Override
    public int mode() {
      return holder().mode();
    }

    @Override
    public int userId() {
      return holder().userId();
    }

    @Override
    public int groupId() {
      return holder().groupId();
    }

    @Override
    public int linkCount() {
      return node.linkCount();
    }
  }

  OverlayNode node() {
    return node;
  }

  OverlayContents contents() {
    return contents;
  }

  @Override
  public FileDescription open(OpenRequest request) {
    RegularFile lower = contents.lower();
    beginUse(lower);
    try {
      prepareOpen(OpenFlags.writes(request.flags()));
      return new OverlayFileDescription(this, request);
    } finally {
      endUse(lower);
    }
  }

  @Override
  public long byteSize() {
    return contents.current().byteSize();
  }

  @Override
  public long readAt(Sink dst, long offset) {
    return contents.read(dst, offset);
  }

  @Override
  public void accessed() {
    TmpfsFile upper = contents.upper();
    if (upper != null) {
      upper.accessed();
    } else {
      node.accessed();
    }
  }

  @Override
  public long writeAt(Source src, long offset) {
    return copyUp(Long.MAX_VALUE).writeAt(src, offset);
  }

  @Override
  public void allocate(AllocateMode mode, long offset, long byteCount) {
    copyUp(Long.MAX_VALUE).allocate(mode, offset, byteCount);
  }

  @Override
  public long nextData(long offset) {
    return contents.current().nextData(offset);
  }

  @Override
  public long nextHole(long offset) {
    return contents.current().nextHole(offset);
  }

  @Override
  public Mappable mappable() {
    return contents;
  }

  /** Makes sure that the bytes are in memory, at least so many of them, and returns where. */
  TmpfsFile copyUp(long keptByteCount) {
    TmpfsFile existing = contents.upper();
    return existing != null ? existing : copyUpSlow(keptByteCount);
  }

  private TmpfsFile copyUpSlow(long keptByteCount) {
    RegularFile lower = contents.lower();
    // A file that is changed without being open is used meanwhile, so that it is closed after.
    beginUse(lower);
    changing.lock();
    try {
      node.own();
      return contents.copyUp(attributesOf(node.show(0, 0, 0)), keptByteCount);
    } finally {
      changing.unlock();
      endUse(lower);
    }
  }

  private static void beginUse(@Nullable RegularFile lower) {
    if (lower != null) {
      lower.incUses();
    }
  }

  private static void endUse(@Nullable RegularFile lower) {
    if (lower != null) {
      lower.decUses();
    }
  }

  private static AttributeChange attributesOf(FileAttributes from) {
    return AttributeChange.NONE
        .withMode(from.mode() & FileMode.CHANGEABLE)
        .withOwner(from.userId(), from.groupId())
        .withAccessTime(from.accessTime())
        .withModificationTime(from.modificationTime())
        .withChangeTime(from.changeTime());
  }

  @Override
  public BasicAttributes basicAttributes() {
    return basic;
  }

  @Override
  public FileAttributes attributes() {
    TmpfsFile upper = contents.upper();
    if (upper != null) {
      return upper
          .attributes()
          .withIdentity(fileSystem().deviceId(), number())
          .withLinkCount(node.linkCount(), node.own().changeTime());
    }
    FileAttributes below = contents.current().attributes();
    return node.show(0, below.byteSize(), below.blockCount());
  }

  @Override
  public void setAttributes(AttributeChange change) {
    if (change.changes(AttributeChange.BYTE_SIZE)) {
      copyUp(change.byteSize()).setAttributes(change);
      return;
    }
    changing.lock();
    try {
      TmpfsFile upper = contents.upper();
      if (upper != null) {
        upper.setAttributes(change);
      } else {
        node.change(change);
      }
    } finally {
      changing.unlock();
    }
  }

  @Override
  public void prepareOpen(boolean writes) {
    @Nullable RegularFile lower = contents.lower();
    if (contents.upper() == null && lower != null) {
      lower.prepareOpen(false);
    }
  }

  @Override
  public ExtendedAttributes extendedAttributes() {
    return node.extendedAttributes();
  }

  @Override
  protected void dispose() {
    contents.free();
    node.dispose();
  }

  /** Frees the bytes in memory: the file system ends. */
  void freeContents() {
    contents.free();
  }
}
