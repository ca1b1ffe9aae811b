package org.usermem.sentry.guard;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemType;
import org.usermem.fs.MountRequest;

/** A type of file system of a plug-in, as it is registered with the VFS. */
final class GuardedFileSystemType implements FileSystemType {

  private final String name;
  private final boolean virtual;
  private final Target<FileSystemType> target;
  private final Consumer<Throwable> failures;
  private final Set<Guard> mounted = ConcurrentHashMap.newKeySet();

  GuardedFileSystemType(FileSystemType type, Consumer<Throwable> failures) {
    this.target = new Target<>(new Guard(failures), type);
    this.name = target.call(FileSystemType::name);
    this.virtual = target.call(FileSystemType::isVirtual);
    this.failures = failures;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isVirtual() {
    return virtual;
  }

  @Override
  public FileSystem open(MountRequest request) {
    FileSystem opened = target.call(t -> t.open(request));
    Guard guard = new Guard(failures);
    GuardedFileSystem guarded =
        new GuardedFileSystem(request.context(), opened, guard, () -> mounted.remove(guard));
    mounted.add(guard);
    if (target.ifPresent() == null) {
      revoke();
    }
    return guarded;
  }

  /** Lets go of the type and of every file system that it opened. */
  void revoke() {
    target.take();
    for (Guard guard : Set.copyOf(mounted)) {
      mounted.remove(guard);
      guard.revoke();
    }
  }
}
