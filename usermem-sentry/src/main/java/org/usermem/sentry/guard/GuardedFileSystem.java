package org.usermem.sentry.guard;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.Inode;
import org.usermem.fs.attribute.FileSystemAttributes;
import org.usermem.memmap.Mappable;

/** A file system of a plug-in, as the VFS has it mounted. */
final class GuardedFileSystem extends FileSystem implements Guard.Revocable {

  private final Guard guard;
  private final Target<FileSystem> target;
  private final Directory root;
  private final boolean changesByItself;
  private final boolean readOnly;
  private final String options;
  private final Runnable onClose;

  /**
   * Guards a file system.
   *
   * @param context what the VFS gave to it
   * @param fileSystem the plug-in's file system
   * @param guard its own guard
   * @param onClose runs when the VFS has closed it
   */
  GuardedFileSystem(
      FileSystemContext context, FileSystem fileSystem, Guard guard, Runnable onClose) {
    super(context, fileSystem.typeName());
    this.guard = guard;
    this.target = new Target<>(guard, fileSystem);
    this.changesByItself = target.call(FileSystem::changesByItself);
    this.readOnly = target.call(FileSystem::isReadOnly);
    this.options = target.call(FileSystem::options);
    this.root = wrap(Directory.class, target.call(FileSystem::root));
    this.onClose = onClose;
    guard.add(this);
  }

  @Override
  public Directory root() {
    return root;
  }

  @Override
  public FileSystemAttributes attributes() {
    return target.call(FileSystem::attributes);
  }

  @Override
  public boolean changesByItself() {
    return changesByItself;
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  @Override
  public String options() {
    return options;
  }

  @Override
  public void sync() {
    target.attempt(FileSystem::sync);
  }

  @Override
  public void close() {
    revoke();
    guard.revoke();
    onClose.run();
  }

  @Override
  public void revoke() {
    FileSystem fileSystem = target.take();
    if (fileSystem != null) {
      guard.attempt(fileSystem::close);
    }
  }

  Guard guard() {
    return guard;
  }

  Target<FileDescription> target(FileDescription description) {
    return new Target<>(guard, description);
  }

  GuardedMappable guard(Mappable mappable) {
    return new GuardedMappable(new Target<>(guard, mappable), guard);
  }

  @Nullable Inode wrapIfAny(@Nullable Inode inode) {
    return inode == null ? null : guard.wrap(this, inode);
  }

  <T extends Inode> T wrap(Class<T> type, T inode) {
    return type.cast(guard.wrap(this, inode));
  }

  @Nullable Inode unwrapIfAny(@Nullable Inode wrapper) {
    return wrapper == null ? null : unwrap(wrapper);
  }

  /** Returns the plug-in's inode; the VFS hands a file system its own inodes only. */
  Inode unwrap(Inode wrapper) {
    InodeCalls<?> calls =
        switch (wrapper) {
          case GuardedDirectory directory -> directory.calls();
          case GuardedRegularFile file -> file.calls();
          case GuardedSymbolicLink link -> link.calls();
          case GuardedSpecialFile special -> special.calls();
          default -> throw LinuxException.of(Errno.EXDEV);
        };
    Inode inode = calls.target().ifPresent();
    if (inode == null) {
      throw LinuxException.of(Errno.ENODEV);
    }
    return inode;
  }
}
