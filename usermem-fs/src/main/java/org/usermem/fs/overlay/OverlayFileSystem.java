package org.usermem.fs.overlay;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.Inode;
import org.usermem.fs.RegularFile;
import org.usermem.fs.SpecialFile;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.attribute.FileSystemAttributes;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;

/** Layers that never change, and above them one in memory that takes all changes. */
public final class OverlayFileSystem extends FileSystem {

  private static final long OVERLAYFS_MAGIC = 0x794C_7630L;

  /** New files have numbers from here on, above those of the lower layers. */
  private static final long FIRST_NEW_NUMBER = 1L << 44;

  /** A number of a lower layer is made unique by the layer's index from this bit on. */
  private static final int LAYER_SHIFT = 52;

  private final List<FileSystem> lowers;
  private final OverlayOptions options;
  private final TmpfsFileSystem storage;
  private final AtomicLong nextNumber = new AtomicLong(FIRST_NEW_NUMBER);
  private final AtomicLong newFiles = new AtomicLong();
  private final AtomicLong extendedAttributeBudget = new AtomicLong(64 << 20);

  // What stands for lower inodes, and those of them that differ; both guarded by inodes.
  private final LowerInodes inodes = new LowerInodes();
  private final IdentityHashMap<Inode, Inode> changed = new IdentityHashMap<>();

  private final OverlayDirectory root;

  /**
   * Creates an overlay, which owns its layers and closes them.
   *
   * @param context what the VFS gives to a file system
   * @param lowers the layers, topmost first, at least one; nothing else may change them
   * @param options limits
   */
  public OverlayFileSystem(
      FileSystemContext context, List<FileSystem> lowers, OverlayOptions options) {
    super(context, "overlay");
    this.lowers = List.copyOf(lowers);
    this.options = options;
    this.storage =
        new TmpfsFileSystem(
            context, new TmpfsOptions(options.byteLimit(), Long.MAX_VALUE, 0700, 0, 0));
    List<Directory> roots = this.lowers.stream().map(FileSystem::root).toList();
    this.root = (OverlayDirectory) inodeFor(roots.getFirst(), roots);
  }

  @Override
  public OverlayDirectory root() {
    return root;
  }

  @Override
  public FileSystemAttributes attributes() {
    FileSystemAttributes below =
        options.byteLimit() == Long.MAX_VALUE
            ? lowers.getFirst().attributes()
            : storage.attributes();
    return new FileSystemAttributes(
        OVERLAYFS_MAGIC,
        below.blockByteSize(),
        below.blockCount(),
        below.freeBlockCount(),
        below.availableBlockCount(),
        below.fileCount(),
        below.freeFileCount(),
        below.nameByteLimit());
  }

  @Override
  public void close() {
    Set<Inode> freed = Collections.newSetFromMap(new IdentityHashMap<>());
    synchronized (inodes) {
      for (Inode inode : changed.values()) {
        if (inode instanceof OverlayFile file) {
          file.freeContents();
        } else if (inode instanceof OverlayDirectory directory) {
          directory.freeTree(freed);
        }
      }
      changed.clear();
    }
    root.freeTree(freed);
    storage.close();
    lowers.forEach(FileSystem::close);
  }

  /** Returns where bytes of written files are kept. */
  TmpfsFileSystem storage() {
    return storage;
  }

  AtomicLong extendedAttributeBudget() {
    return extendedAttributeBudget;
  }

  long now() {
    return context().clock().nanos();
  }

  /** Returns the number here of a file of a lower layer. */
  long number(FileSystem lower, long lowerNumber) {
    long layer = lowers.indexOf(lower);
    return layer <= 0 ? lowerNumber : lowerNumber ^ (layer << LAYER_SHIFT);
  }

  /**
   * Returns a number for a new file.
   *
   * @throws LinuxException ENOSPC if there are too many
   */
  long takeNumber() {
    if (newFiles.incrementAndGet() > options.inodeLimit()) {
      newFiles.decrementAndGet();
      throw LinuxException.of(Errno.ENOSPC);
    }
    return nextNumber.getAndIncrement();
  }

  void returnNumber() {
    newFiles.decrementAndGet();
  }

  /**
   * Returns the inode here for one of a lower layer, the same each time while somebody holds it.
   *
   * @param lower the lower inode; the topmost one of a directory that several layers have
   * @param directories all directories that are merged, if it is one
   */
  Inode inodeFor(Inode lower, List<Directory> directories) {
    synchronized (inodes) {
      Inode existing = inodes.get(lower);
      if (existing != null) {
        return existing;
      }
      Inode made = madeFor(lower, directories);
      inodes.put(lower, made);
      return made;
    }
  }

  @SuppressWarnings("IfChainToSwitch") // A switch over types is linked at every start.
  private Inode madeFor(Inode lower, List<Directory> directories) {
    if (lower instanceof Directory directory) {
      return new OverlayDirectory(this, directory, directories);
    } else if (lower instanceof RegularFile file) {
      return new OverlayFile(this, file);
    } else if (lower instanceof SymbolicLink link) {
      return new OverlaySymbolicLink(this, link);
    } else if (lower instanceof SpecialFile special) {
      return new OverlaySpecialFile(this, special);
    }
    throw LinuxException.of(Errno.EIO);
  }

  /** Holds an inode that differs from the lower one that it stands for from now on. */
  void hold(Inode lower, Inode inode) {
    synchronized (inodes) {
      changed.put(lower, inode);
    }
  }

  /** Holds an inode no longer, because no name leads to it any more. */
  void drop(Inode lower) {
    synchronized (inodes) {
      changed.remove(lower);
    }
  }
}
