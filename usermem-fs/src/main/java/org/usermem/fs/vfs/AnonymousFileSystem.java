package org.usermem.fs.vfs;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.Directory;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.Inode;
import org.usermem.fs.Location;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileSystemAttributes;
import org.usermem.fs.attribute.FileType;

/** The file system of inodes without a name; mounted where no path leads. */
final class AnonymousFileSystem extends FileSystem implements AnonymousFiles {

  private static final long ANON_INODE_FS_MAGIC = 0x0904_1934L;

  private final AtomicLong nextInode = new AtomicLong(1);
  private final Root root;
  private final SuperBlock superBlock;
  private final MountPoint mount;

  AnonymousFileSystem(FileSystemContext context, MountTable mounts) {
    super(context, "anon_inodefs");
    this.root = new Root(this, newInodeNumber());
    this.superBlock = new SuperBlock(this, () -> {});
    this.mount = mounts.newRoot(superBlock, "none", 0);
  }

  @Override
  public Directory root() {
    return root;
  }

  @Override
  public FileSystemAttributes attributes() {
    return FileSystemAttributes.withoutStorage(ANON_INODE_FS_MAGIC);
  }

  @Override
  public FileSystem fileSystem() {
    return this;
  }

  @Override
  public long newInodeNumber() {
    return nextInode.getAndIncrement();
  }

  @Override
  public Location place(Inode inode, String displayName) {
    return new Location(mount, new CachedDentry(superBlock, null, displayName, inode));
  }

  /** An empty directory that nobody sees. */
  private static final class Root extends Directory {

    Root(FileSystem fileSystem, long number) {
      super(fileSystem, number);
    }

    @Override
    public BasicAttributes basicAttributes() {
      return attributes();
    }

    @Override
    public FileAttributes attributes() {
      int mode = FileType.DIRECTORY.modeBits();
      return new FileAttributes(
          fileSystem().deviceId(), number(), mode, 2, 0, 0, 0, 0, 0, 4096, 0, 0, 0, 0, 0);
    }

    @Override
    public @Nullable Inode lookup(String name) {
      return null;
    }

    @Override
    public void list(long offset, DirectoryVisitor visitor) {}
  }
}
