package org.usermem.sentry.guard;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.Inode;
import org.usermem.fs.RegularFile;
import org.usermem.fs.SpecialFile;
import org.usermem.fs.SymbolicLink;

/**
 * Guards one mounted file system, or one device: knows every object of the plug-in that the VFS
 * reaches. Safe for use by several threads.
 */
final class Guard {

  private final Consumer<Throwable> failures;
  private final Map<Identity, Wrapper> wrappers = new HashMap<>(); // guarded by this
  private final ReferenceQueue<Inode> unreachable = new ReferenceQueue<>();
  private final Set<Revocable> revocables = ConcurrentHashMap.newKeySet();
  private boolean revoked; // guarded by this

  /** Something that holds objects of the plug-in. */
  interface Revocable {

    /** Lets go of them. */
    void revoke();
  }

  /** An object as itself, whatever it thinks equality is. */
  private static final class Identity {

    private final Object object;

    Identity(Object object) {
      this.object = object;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // That is what this class is for.
    public boolean equals(@Nullable Object other) {
      return other instanceof Identity identity && identity.object == object;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(object);
    }
  }

  /** A wrapped inode, for as long as the VFS knows it. */
  private static final class Wrapper extends WeakReference<Inode> {

    private final Identity key;
    private final Target<? extends Inode> target;

    Wrapper(
        Inode wrapper,
        Identity key,
        Target<? extends Inode> target,
        ReferenceQueue<Inode> unreachable) {
      super(wrapper, unreachable);
      this.key = key;
      this.target = target;
    }
  }

  /**
   * Makes a guard.
   *
   * @param failures is told of exceptions of the plug-in that are no errno
   */
  Guard(Consumer<Throwable> failures) {
    this.failures = failures;
  }

  void failed(Throwable failure) {
    failures.accept(failure);
  }

  /** Runs code of the plug-in and swallows what goes wrong. */
  void attempt(Runnable action) {
    try {
      action.run();
    } catch (LinuxException e) {
      // Nobody is there to be told.
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
      failures.accept(e);
    }
  }

  /**
   * Remembers something that holds objects of the plug-in; revokes it at once if it is too late.
   */
  void add(Revocable revocable) {
    revocables.add(revocable);
    synchronized (this) {
      if (!revoked) {
        return;
      }
    }
    remove(revocable);
    revocable.revoke();
  }

  void remove(Revocable revocable) {
    revocables.remove(revocable);
  }

  /** Returns the wrapper of an inode of the plug-in: the same one as long as anybody has it. */
  Inode wrap(GuardedFileSystem fileSystem, Inode inode) {
    List<Target<? extends Inode>> gone;
    Inode wrapper;
    synchronized (this) {
      if (revoked) {
        throw LinuxException.of(Errno.ENODEV);
      }
      gone = purgeLocked();
      Identity key = new Identity(inode);
      Wrapper known = wrappers.get(key);
      Inode present = known == null ? null : known.get();
      if (present != null) {
        wrapper = present;
      } else {
        wrapper = makeLocked(fileSystem, inode, key);
      }
    }
    gone.forEach(t -> t.attempt(Inode::decUses));
    return wrapper;
  }

  private Inode makeLocked(GuardedFileSystem fileSystem, Inode inode, Identity key) {
    // The wrapper is one user of the inode, for as long as it lives.
    inode.incUses();
    Inode made;
    Target<? extends Inode> target;
    switch (inode) {
      case Directory directory -> {
        Target<Directory> of = new Target<>(this, directory);
        target = of;
        made = new GuardedDirectory(fileSystem, new InodeCalls<>(of));
      }
      case RegularFile file -> {
        Target<RegularFile> of = new Target<>(this, file);
        target = of;
        made = new GuardedRegularFile(fileSystem, new InodeCalls<>(of));
      }
      case SymbolicLink link -> {
        Target<SymbolicLink> of = new Target<>(this, link);
        target = of;
        made = new GuardedSymbolicLink(fileSystem, new InodeCalls<>(of));
      }
      case SpecialFile special -> {
        Target<SpecialFile> of = new Target<>(this, special);
        target = of;
        made = new GuardedSpecialFile(fileSystem, new InodeCalls<>(of));
      }
      default -> throw LinuxException.of(Errno.EIO);
    }
    wrappers.put(key, new Wrapper(made, key, target, unreachable));
    return made;
  }

  private List<Target<? extends Inode>> purgeLocked() {
    List<Target<? extends Inode>> gone = new ArrayList<>();
    for (Reference<? extends Inode> r = unreachable.poll(); r != null; r = unreachable.poll()) {
      Wrapper wrapper = (Wrapper) r;
      wrappers.remove(wrapper.key, wrapper);
      gone.add(wrapper.target);
    }
    return gone;
  }

  /** Lets go of every object of the plug-in. */
  void revoke() {
    List<Wrapper> inodes;
    synchronized (this) {
      revoked = true;
      inodes = List.copyOf(wrappers.values());
      wrappers.clear();
    }
    for (Revocable revocable : List.copyOf(revocables)) {
      remove(revocable);
      revocable.revoke();
    }
    for (Wrapper wrapper : inodes) {
      Inode inode = wrapper.target.take();
      if (inode != null) {
        attempt(inode::decUses);
      }
    }
  }
}
