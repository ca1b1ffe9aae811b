package org.usermem.fs.bridge;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.HostErrno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.NameHash;
import org.usermem.fs.attribute.FileSystemAttributes;
import org.usermem.fs.page.RetainedPages;

/** A directory of a {@link java.nio.file.FileSystem}, whatever its provider. */
public final class BridgeFileSystem extends FileSystem {

  private static final long MAGIC = 0x4A4E_494FL; // "JNIO"
  private static final int BLOCK_BYTE_SIZE = 4096;
  private static final long RETAINED_BYTE_LIMIT = 64 << 20;

  private final BridgeOptions options;
  private final RetainedPages retained = new RetainedPages(RETAINED_BYTE_LIMIT);
  private final AtomicLong nextNumber = new AtomicLong(1);
  private final BridgeDirectory root;

  /**
   * Creates a file system. The Java file system stays the caller's, who closes it after this.
   *
   * @param context what the VFS gives to a file system
   * @param options which directory, and how
   * @throws LinuxException what the Java file system says of the directory
   */
  public BridgeFileSystem(FileSystemContext context, BridgeOptions options) {
    super(context, "javafs");
    this.options = options;
    try {
      this.root =
          new BridgeDirectory(
              this, new BridgeNode(this, BridgeAttributes.read(options.root()), null, ""));
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    }
  }

  @Override
  public BridgeDirectory root() {
    return root;
  }

  @Override
  public boolean isReadOnly() {
    return options.readOnly();
  }

  @Override
  public boolean changesByItself() {
    return !options.exclusive();
  }

  BridgeOptions bridgeOptions() {
    return options;
  }

  RetainedPages retained() {
    return retained;
  }

  /**
   * Returns the number of a file. Where nothing changes it is made of the path, so that a file that
   * is forgotten and found again has the same; elsewhere a name may get to mean another file.
   */
  long number(@Nullable BridgeDirectory parent, String name) {
    if (!isReadOnly() || parent == null) {
      return nextNumber.getAndIncrement();
    }
    return NameHash.of(parent.number() + "/" + name);
  }

  @Override
  public FileSystemAttributes attributes() {
    try {
      FileStore store = Files.getFileStore(options.root());
      return new FileSystemAttributes(
          MAGIC,
          BLOCK_BYTE_SIZE,
          store.getTotalSpace() / BLOCK_BYTE_SIZE,
          store.getUnallocatedSpace() / BLOCK_BYTE_SIZE,
          store.getUsableSpace() / BLOCK_BYTE_SIZE,
          0,
          0,
          255);
    } catch (IOException | UnsupportedOperationException e) {
      // Not every provider knows its space.
      return FileSystemAttributes.withoutStorage(MAGIC);
    }
  }

  /** Writes back what is dirty and closes what is open. */
  @Override
  public void close() {
    root.closeTree();
    retained.dropAll();
  }
}
