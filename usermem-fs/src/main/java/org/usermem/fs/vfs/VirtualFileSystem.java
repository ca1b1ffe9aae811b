package org.usermem.fs.vfs;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.ExtendedAttributeMode;
import org.usermem.fs.FileClock;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.FileSystemType;
import org.usermem.fs.Inode;
import org.usermem.fs.Location;
import org.usermem.fs.Mount;
import org.usermem.fs.MountRequest;
import org.usermem.fs.RegularFile;
import org.usermem.fs.SpecialFile;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.access.Access;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.DeviceNumber;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.device.DeviceRegistry;
import org.usermem.fs.lock.LockWaits;
import org.usermem.fs.pipe.NamedPipes;
import org.usermem.memmap.MemoryFile;

/**
 * The virtual file system of one sentry: the path operations of Linux's system calls.
 *
 * <p>Each operation takes the {@link PathContext} of the task, the place where a relative path
 * starts (the working directory, or what a descriptor refers to), and the path: a string with one
 * char for each byte, shorter than PATH_MAX. Flags are those of {@link LookupFlags} unless said
 * otherwise. All throw {@link LinuxException}s with the errno of the system call.
 *
 * <p>Thread safety: all methods may be called by any thread at any time.
 */
public final class VirtualFileSystem implements AutoCloseable {

  private static final int DEFAULT_DENTRY_LIMIT = 200_000;

  private final MemoryFile memoryFile;
  private final FileClock clock;
  private final AtomicInteger nextDevice = new AtomicInteger(1);
  private final DeviceRegistry devices = new DeviceRegistry();
  private final LockWaits lockWaits = new LockWaits();
  private final Map<String, FileSystemType> types = new ConcurrentSkipListMap<>();
  private final Map<FileSystem, SuperBlock> superBlocks = new ConcurrentHashMap<>();
  private final MountTable mounts = new MountTable();
  private final AnonymousFileSystem anonymous;

  private final DentryCache cache;
  private final Opening opening;
  private final Creation creation;
  private final Removal removal;
  private final Renaming renaming;

  /**
   * Creates a VFS without mounts.
   *
   * @param memoryFile where pages that programs can map are allocated
   * @param clock the time for time stamps
   */
  public VirtualFileSystem(MemoryFile memoryFile, FileClock clock) {
    this(memoryFile, clock, DEFAULT_DENTRY_LIMIT);
  }

  /**
   * Creates a VFS without mounts.
   *
   * @param memoryFile where pages that programs can map are allocated
   * @param clock the time for time stamps
   * @param dentryLimit how many names the cache holds at most, positive
   */
  public VirtualFileSystem(MemoryFile memoryFile, FileClock clock, int dentryLimit) {
    this.memoryFile = memoryFile;
    this.clock = clock;
    this.cache = new DentryCache(dentryLimit);
    this.anonymous = new AnonymousFileSystem(newContext(), mounts);
    this.opening = new Opening(cache, new SpecialFiles(devices, new NamedPipes(memoryFile)));
    this.creation = new Creation(cache);
    this.removal = new Removal(cache);
    this.renaming = new Renaming(cache);
  }

  /** Returns what a new file system is made with, with a device number of its own. */
  public FileSystemContext newContext() {
    return new FileSystemContext(
        memoryFile, clock, DeviceNumber.of(0, nextDevice.getAndIncrement()));
  }

  /** Returns where inodes without a name live. */
  public AnonymousFiles anonymousFiles() {
    return anonymous;
  }

  /** Returns the drivers of devices. */
  public DeviceRegistry devices() {
    return devices;
  }

  /** Returns who waits for whose POSIX locks. */
  public LockWaits lockWaits() {
    return lockWaits;
  }

  /**
   * Makes a type of file system known to {@link #mount}.
   *
   * @throws IllegalStateException if there is one of that name
   */
  public void register(FileSystemType type) {
    if (types.putIfAbsent(type.name(), type) != null) {
      throw new IllegalStateException("there is a file system type '" + type.name() + "' already");
    }
  }

  /** Makes a type of file system unknown again. What is mounted stays. */
  public void unregister(FileSystemType type) {
    types.remove(type.name(), type);
  }

  /** Returns the types that are known, by name. */
  public List<FileSystemType> types() {
    return List.copyOf(types.values());
  }

  /**
   * Makes a tree of mounts with one file system at its root.
   *
   * @param fileSystem the file system; closed after its last mount and description have gone
   * @param source what /proc/mounts shows as its source
   * @param flags flags of {@link Mount}
   */
  public MountNamespace newNamespace(FileSystem fileSystem, String source, int flags) {
    return new MountNamespace(mounts, mounts.newRoot(superBlockOf(fileSystem), source, flags));
  }

  private SuperBlock superBlockOf(FileSystem fileSystem) {
    return superBlocks.computeIfAbsent(
        fileSystem, key -> new SuperBlock(key, () -> superBlocks.remove(key)));
  }

  /**
   * Finds what a path leads to.
   *
   * @param flags bits of {@link LookupFlags}
   */
  public Location resolve(PathContext context, Location start, String path, int flags) {
    return PlainWalk.toEnd(cache, context, start, path, flags);
  }

  /**
   * Opens a file, as openat2(2).
   *
   * @param flags flags of {@link org.usermem.fs.OpenFlags}
   * @param permissions of a file that is created, before the umask
   * @param lookup bits of {@link LookupFlags} that say how the path is walked; following the last
   *     component is decided by {@code flags}
   * @return a description with one reference, which is the caller's; see {@link
   *     FileDescription#isOpenComplete()} for FIFOs
   */
  public FileDescription open(
      PathContext context, Location start, String path, int flags, int permissions, int lookup) {
    return opening.open(context, start, path, flags, permissions, lookup);
  }

  /** Opens what was found already, with a check of permissions and kind as {@link #open}. */
  public FileDescription open(PathContext context, Location found, int flags) {
    return opening.openFound(context, found, flags);
  }

  /** Makes a directory, as mkdirat(2). */
  public void makeDirectory(PathContext context, Location start, String path, int permissions) {
    creation.makeDirectory(context, start, path, permissions);
  }

  /**
   * Makes a file of any kind but a directory or a symbolic link, as mknodat(2).
   *
   * @param type the kind
   * @param device the number of the device if it is one
   */
  public void makeNode(
      PathContext context,
      Location start,
      String path,
      FileType type,
      int permissions,
      long device) {
    creation.makeNode(context, start, path, type, permissions, device);
  }

  /** Makes a symbolic link, as symlinkat(2). */
  public void makeSymbolicLink(PathContext context, String target, Location start, String path) {
    creation.makeSymbolicLink(context, target, start, path);
  }

  /**
   * Gives a file one more name, as linkat(2).
   *
   * @param flags bits of {@link LookupFlags} for the walk of the existing path
   */
  public void makeLink(
      PathContext context,
      Location existingStart,
      String existingPath,
      Location start,
      String path,
      int flags) {
    creation.makeLink(context, resolve(context, existingStart, existingPath, flags), start, path);
  }

  /** Removes a name of a file, as unlink(2). */
  public void unlink(PathContext context, Location start, String path) {
    removal.unlink(context, start, path);
  }

  /** Removes an empty directory, as rmdir(2). */
  public void removeDirectory(PathContext context, Location start, String path) {
    removal.removeDirectory(context, start, path);
  }

  /**
   * Moves a name, as renameat2(2).
   *
   * @param flags bits of {@link org.usermem.fs.RenameFlags}
   */
  public void rename(
      PathContext context,
      Location oldStart,
      String oldPath,
      Location newStart,
      String newPath,
      int flags) {
    renaming.rename(context, oldStart, oldPath, newStart, newPath, flags);
  }

  /** Returns the attributes of what a path leads to, as fstatat(2). */
  public FileAttributes attributes(PathContext context, Location start, String path, int flags) {
    return resolve(context, start, path, flags).inode().attributes();
  }

  /**
   * Changes attributes, as fchmodat(2), fchownat(2), utimensat(2) and truncate(2).
   *
   * @param change what to change; times to be "now" by their bits
   */
  public void setAttributes(
      PathContext context, Location start, String path, int flags, AttributeChange change) {
    setAttributes(context, resolve(context, start, path, flags), change);
  }

  /** Changes attributes of what was found already, as {@link #setAttributes}. */
  public void setAttributes(PathContext context, Location found, AttributeChange change) {
    AttributeChanges.change(found, change, context.credentials());
  }

  /**
   * Checks whether an access is permitted, as faccessat2(2).
   *
   * @param wanted bits of {@link Access}; 0 asks whether the file exists
   */
  public void checkAccess(PathContext context, Location start, String path, int flags, int wanted) {
    Location found = resolve(context, start, path, flags);
    Inode inode = found.inode();
    if ((wanted & Access.EXECUTE) != 0
        && inode.type() == FileType.REGULAR
        && found.mount().has(Mount.NO_EXECUTE)) {
      throw LinuxException.of(Errno.EACCES);
    }
    inode.checkAccess(context.credentials(), wanted);
    if ((wanted & Access.WRITE) != 0 && !(inode instanceof SpecialFile)) {
      Permissions.requireWritableMount(found);
    }
  }

  /**
   * Returns the text of a symbolic link, as readlinkat(2).
   *
   * @param flags bits of {@link LookupFlags}; the last component is not followed
   */
  public String readLink(PathContext context, Location start, String path, int flags) {
    Location found = resolve(context, start, path, flags & ~LookupFlags.FOLLOW);
    if (!(found.inode() instanceof SymbolicLink link)) {
      throw LinuxException.of(path.isEmpty() ? Errno.ENOENT : Errno.EINVAL);
    }
    Permissions.accessed(found.mount(), link);
    return link.target();
  }

  /** Returns the value of an extended attribute of what was found, as getxattr(2). */
  public byte[] extendedAttribute(PathContext context, Location found, String name) {
    ExtendedAttributeAccess.requireReadable(found, name, context.credentials());
    return found.inode().extendedAttributes().get(name);
  }

  /** Sets an extended attribute of what was found, as setxattr(2). */
  public void setExtendedAttribute(
      PathContext context, Location found, String name, byte[] value, ExtendedAttributeMode mode) {
    ExtendedAttributeAccess.requireWritable(found, name, context.credentials());
    found.inode().extendedAttributes().set(name, value, mode);
    if (found.inode() instanceof RegularFile file) {
      file.mayHaveCapabilities();
    }
    ExtendedAttributeAccess.changed(found);
  }

  /** Removes an extended attribute of what was found, as removexattr(2). */
  public void removeExtendedAttribute(PathContext context, Location found, String name) {
    ExtendedAttributeAccess.requireWritable(found, name, context.credentials());
    found.inode().extendedAttributes().remove(name);
    ExtendedAttributeAccess.changed(found);
  }

  /** Returns the names of the extended attributes that the caller may see, as listxattr(2). */
  public List<String> extendedAttributeNames(PathContext context, Location found) {
    return ExtendedAttributeAccess.visibleNames(found.inode(), context.credentials());
  }

  /**
   * Mounts a new file system, as mount(2).
   *
   * @param source the source
   * @param where the place that it will cover
   * @param typeName the name of a registered type
   * @param flags flags of {@link Mount}
   * @param options the data argument
   * @throws LinuxException ENODEV if the type is not known; what the type says
   */
  public Mount mount(
      Credentials credentials,
      String source,
      Location where,
      String typeName,
      int flags,
      String options) {
    FileSystemType type = types.get(typeName);
    if (type == null) {
      throw LinuxException.of(Errno.ENODEV);
    }
    FileSystem fileSystem =
        type.open(new MountRequest(source, options, flags, credentials, newContext()));
    return mount(fileSystem, source, where, flags);
  }

  /**
   * Mounts a file system that is there already; see {@link #newNamespace} for when it is closed.
   */
  public Mount mount(FileSystem fileSystem, String source, Location where, int flags) {
    SuperBlock superBlock = superBlockOf(fileSystem);
    return mounts.attach(superBlock, superBlock.root(), source, flags, MountTable.top(where));
  }

  /** Mounts what is at one place at another too, as mount(2) with MS_BIND and perhaps MS_REC. */
  public Mount bind(Location from, Location where, boolean recursively) {
    return mounts.bind(from, MountTable.top(where), recursively);
  }

  /** Moves a mount, as mount(2) with MS_MOVE. */
  public void moveMount(Location from, Location where) {
    mounts.move(from, MountTable.top(where));
  }

  /** Changes the flags of the mount whose root this place is, as mount(2) with MS_REMOUNT. */
  public void remount(Location where, int flags) {
    MountPoint mount = (MountPoint) where.mount();
    if (where.dentry() != mount.root()) {
      throw LinuxException.of(Errno.EINVAL);
    }
    mount.setFlags(flags);
  }

  /**
   * Unmounts the mount whose root this place is, as umount2(2).
   *
   * @param lazily whether a busy mount is detached all the same (MNT_DETACH)
   */
  public void unmount(Location where, boolean lazily) {
    MountPoint mount = (MountPoint) where.mount();
    if (where.dentry() != mount.root()) {
      throw LinuxException.of(Errno.EINVAL);
    }
    mounts.detach(mount, lazily);
  }

  /** Exchanges the root of a tree of mounts, as pivot_root(2). */
  public void pivotRoot(
      MountNamespace namespace, PathContext context, Location newRoot, Location putOld) {
    mounts.pivot(context.root(), newRoot, putOld);
    if (namespace.hasRoot(context.root().mount())) {
      namespace.setRoot((MountPoint) newRoot.mount());
    }
  }

  /** Writes everything that is not yet in its storage there, as sync(2). */
  public void sync() {
    for (FileSystem fileSystem : superBlocks.keySet()) {
      fileSystem.sync();
    }
  }

  /** Closes all file systems, mounted or not; nothing else may be called after or during this. */
  @Override
  public void close() {
    for (FileSystem fileSystem : superBlocks.keySet()) {
      fileSystem.close();
    }
    superBlocks.clear();
  }
}
