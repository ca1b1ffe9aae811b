package org.usermem.fs.tmpfs;

import java.util.concurrent.atomic.AtomicLong;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.NewFile;
import org.usermem.fs.attribute.FileSystemAttributes;
import org.usermem.fs.attribute.FileType;

/** A file system in memory, as tmpfs(5). */
public final class TmpfsFileSystem extends FileSystem {

  private static final long TMPFS_MAGIC = 0x0102_1994L;
  private static final int PAGE_BYTE_SIZE = 4096;
  private static final long EXTENDED_ATTRIBUTE_BYTE_LIMIT = 64 << 20;

  private final TmpfsOptions options;
  private final long pageLimit;
  private final AtomicLong usedPages = new AtomicLong();
  private final AtomicLong usedInodes = new AtomicLong();
  private final AtomicLong nextInode = new AtomicLong(1);
  private final AtomicLong extendedAttributeBudget = new AtomicLong(EXTENDED_ATTRIBUTE_BYTE_LIMIT);
  private final TmpfsDirectory root;

  /**
   * Creates a file system with an empty root.
   *
   * @param context what the VFS gives to a file system
   * @param options limits, and attributes of the root
   */
  public TmpfsFileSystem(FileSystemContext context, TmpfsOptions options) {
    this(context, options, "tmpfs");
  }

  /**
   * Creates a file system with an empty root, under the name of another type that works as this.
   *
   * @param context what the VFS gives to a file system
   * @param options limits, and attributes of the root
   * @param typeName what /proc/mounts shows
   */
  public TmpfsFileSystem(FileSystemContext context, TmpfsOptions options, String typeName) {
    super(context, typeName);
    this.options = options;
    this.pageLimit = options.byteLimit() / PAGE_BYTE_SIZE;
    this.root =
        new TmpfsDirectory(
            this, new NewFile(options.permissions(), options.userId(), options.groupId()));
  }

  @Override
  public TmpfsDirectory root() {
    return root;
  }

  @Override
  public FileSystemAttributes attributes() {
    long free = Math.max(0, pageLimit - usedPages.get());
    boolean limited = options.byteLimit() != Long.MAX_VALUE;
    return new FileSystemAttributes(
        TMPFS_MAGIC,
        PAGE_BYTE_SIZE,
        limited ? pageLimit : 0,
        limited ? free : 0,
        limited ? free : 0,
        options.inodeLimit(),
        Math.max(0, options.inodeLimit() - usedInodes.get()),
        255);
  }

  @Override
  public String options() {
    return options.byteLimit() == Long.MAX_VALUE ? "" : "size=" + (options.byteLimit() >> 10) + "k";
  }

  /** Makes a file that no directory holds, as memfd_create(2) and shared anonymous memory do. */
  public TmpfsFile createUnnamed(NewFile attributes) {
    return new TmpfsFile(this, attributes, 0);
  }

  /** Frees all files. */
  @Override
  public void close() {
    root.disposeTree();
  }

  /**
   * Takes space for pages.
   *
   * @return how many of them there is space for, at least one
   * @throws LinuxException ENOSPC if there is none
   */
  long takePages(long pageCount) {
    while (true) {
      long used = usedPages.get();
      long taken = Math.min(pageCount, pageLimit - used);
      if (taken <= 0) {
        throw LinuxException.of(Errno.ENOSPC);
      }
      if (usedPages.compareAndSet(used, used + taken)) {
        return taken;
      }
    }
  }

  void returnPages(long pageCount) {
    usedPages.addAndGet(-pageCount);
  }

  boolean isLimited() {
    return options.byteLimit() != Long.MAX_VALUE;
  }

  long takeInode() {
    if (usedInodes.incrementAndGet() > options.inodeLimit()) {
      usedInodes.decrementAndGet();
      throw LinuxException.of(Errno.ENOSPC);
    }
    return nextInode.getAndIncrement();
  }

  void returnInode() {
    usedInodes.decrementAndGet();
  }

  AtomicLong extendedAttributeBudget() {
    return extendedAttributeBudget;
  }

  long now() {
    return context().clock().nanos();
  }

  TmpfsSpecialFile newSpecial(FileType type, long device, NewFile attributes) {
    return new TmpfsSpecialFile(this, type, device, attributes);
  }
}
