package org.usermem.fs.bridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.HostErrno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileNames;
import org.usermem.fs.Inode;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.page.BackingChannel;
import org.usermem.fs.page.BackingFile;
import org.usermem.fs.page.ChannelStorage;

/**
 * What the inodes of a bridge have in common: where they are, and their attributes. That of a
 * regular file is its storage.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
final class BridgeNode implements BasicAttributes, BackingFile {

  /** What is asked of a Java file system. */
  @FunctionalInterface
  interface Call<T> {
    T at(Path path) throws IOException;
  }

  private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ);
  private static final Set<OpenOption> READ_WRITE =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);

  private final BridgeFileSystem fileSystem;
  private final long number;
  private volatile BridgeAttributes attributes;
  private volatile boolean stale;
  private volatile boolean removed;

  // The place; null parent for the root. Written under the locks of the VFS.
  private volatile @Nullable BridgeDirectory parent;
  private volatile String name;

  BridgeNode(
      BridgeFileSystem fileSystem,
      BridgeAttributes attributes,
      @Nullable BridgeDirectory parent,
      String name) {
    this.fileSystem = fileSystem;
    this.number = fileSystem.number(parent, name);
    this.attributes = attributes;
    this.parent = parent;
    this.name = name;
  }

  static BridgeNode of(Inode inode) {
    return switch (inode) {
      case BridgeFile file -> file.node();
      case BridgeDirectory directory -> directory.node();
      case BridgeSymbolicLink link -> link.node();
      default -> throw LinuxException.of(Errno.EXDEV);
    };
  }

  /** Returns the name as the Java file system has it. */
  static String javaName(String name) {
    String unicode = FileNames.toUnicode(name);
    if (unicode == null) {
      throw LinuxException.of(Errno.EILSEQ);
    }
    return unicode;
  }

  /** Asks the Java file system something, and translates its errors. */
  static <T> T call(Path path, Call<T> call) {
    try {
      return call.at(path);
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    } catch (UnsupportedOperationException e) {
      throw LinuxException.of(Errno.EOPNOTSUPP);
    } catch (IllegalArgumentException e) {
      // A name that the Java file system can't have.
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  @Override
  public int mode() {
    return attributes.mode();
  }

  @Override
  public int userId() {
    return fileSystem.bridgeOptions().userId();
  }

  @Override
  public int groupId() {
    return fileSystem.bridgeOptions().groupId();
  }

  @Override
  public int linkCount() {
    if (removed) {
      return 0;
    }
    return attributes.type() == FileType.DIRECTORY ? 2 : 1;
  }

  long number() {
    return number;
  }

  Path path() {
    BridgeDirectory above = parent;
    if (above == null) {
      return fileSystem.bridgeOptions().root();
    }
    return above.node().path().resolve(javaName(name));
  }

  void move(BridgeDirectory newParent, String newName) {
    parent = newParent;
    name = newName;
  }

  void markRemoved() {
    removed = true;
  }

  @Override
  public boolean isRemoved() {
    return removed;
  }

  void touch() {
    stale = true;
  }

  void refresh(BridgeAttributes fresh) {
    attributes = fresh;
  }

  BridgeAttributes known() {
    return attributes;
  }

  BridgeAttributes current() {
    if (!removed && (stale || fileSystem.changesByItself())) {
      stale = false;
      attributes = call(path(), BridgeAttributes::read);
    }
    return attributes;
  }

  void change(AttributeChange change) {
    if (!removed) {
      call(
          path(),
          path -> {
            BridgeAttributes.apply(path, change);
            return path;
          });
      stale = true;
    }
  }

  @Override
  public BackingChannel open(boolean writable) {
    Set<OpenOption> options = writable ? READ_WRITE : READ;
    return call(path(), at -> new ChannelStorage(Files.newByteChannel(at, options), writable));
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
  public long byteSize() {
    return current().byteSize();
  }

  @Override
  public void changed() {
    touch();
  }

  FileAttributes show(long byteSize) {
    BridgeAttributes now = current();
    return new FileAttributes(
        fileSystem.deviceId(),
        number,
        now.mode(),
        linkCount(),
        userId(),
        groupId(),
        0,
        byteSize,
        (byteSize + 511) / 512,
        4096,
        now.accessTime(),
        now.modificationTime(),
        now.modificationTime(),
        now.birthTime(),
        0);
  }
}
