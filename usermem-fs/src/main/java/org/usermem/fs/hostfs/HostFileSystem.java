package org.usermem.fs.hostfs;

import java.io.IOException;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.HostErrno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.Inode;
import org.usermem.fs.attribute.FileSystemAttributes;
import org.usermem.fs.page.RetainedPages;

/** A host directory as a file system; see the package for how guests are kept inside of it. */
public final class HostFileSystem extends FileSystem {

  /** What the host's kernel makes up; a guest gets the sentry's own, or nothing. */
  private static final Set<String> HIDDEN_TYPES =
      Set.of(
          "proc",
          "sysfs",
          "devtmpfs",
          "devpts",
          "cgroup",
          "cgroup2",
          "debugfs",
          "tracefs",
          "securityfs",
          "bpf",
          "pstore",
          "mqueue",
          "configfs",
          "fusectl",
          "binfmt_misc",
          "autofs",
          "efivarfs",
          "rpc_pipefs",
          "nsfs");

  private static final long DEFAULT_MAGIC = 0xEF53;
  private static final int BLOCK_BYTE_SIZE = 4096;
  private static final int LISTED_ENTRY_LIMIT = 100_000;

  /**
   * Bits of an inode number that are the host's; above them stands which of its devices it is on.
   */
  private static final int HOST_NUMBER_BITS = 48;

  private final HostOptions options;
  private final HostOpener opener;
  private final OpenDirectories directories;
  private final RetainedPages retained;
  private final Map<HostKey, KnownInode> inodes = new ConcurrentHashMap<>();
  private final ReferenceQueue<Inode> collected = new ReferenceQueue<>();
  private final Map<Long, Long> deviceIndexes = new ConcurrentHashMap<>();
  private final AtomicLong nextDeviceIndex = new AtomicLong();
  private final HostDirectory root;

  // Directories whose listings are kept, in order of use; guarded by itself.
  private final LinkedHashMap<HostDirectory, Integer> listed = new LinkedHashMap<>(64, 0.75f, true);
  private int listedEntries;

  /** An inode that is found again by its key for as long as somebody holds it. */
  private static final class KnownInode extends WeakReference<Inode> {
    private final HostKey key;

    KnownInode(HostKey key, Inode inode, ReferenceQueue<Inode> queue) {
      super(inode, queue);
      this.key = key;
    }
  }

  /**
   * Creates a file system over a host directory.
   *
   * @param context what the VFS gives to a file system
   * @param options which directory, and how
   * @throws LinuxException what the host says of the directory: ENOENT, ENOTDIR, EACCES
   */
  public HostFileSystem(FileSystemContext context, HostOptions options) {
    this(context, options, HostOpener.RELATIVE);
  }

  HostFileSystem(FileSystemContext context, HostOptions options, HostOpener opener) {
    super(context, "hostfs");
    this.options = options;
    this.opener = opener;
    this.directories = new OpenDirectories(options.directory(), options.openDirectoryLimit());
    this.retained = new RetainedPages(options.cacheByteLimit());
    try (OpenDirectory open = OpenDirectory.openRoot(options.directory(), new DescriptorFinder())) {
      HostAttributes attributes = HostAttributes.read(open.at(Path.of(".")));
      this.root = new HostDirectory(this, new HostNode(this, attributes, null), false);
      inodes.put(attributes.key(), new KnownInode(attributes.key(), root, collected));
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    }
  }

  @Override
  public HostDirectory root() {
    return root;
  }

  @Override
  public boolean changesByItself() {
    return !options.exclusive();
  }

  @Override
  public boolean isReadOnly() {
    return options.readOnly();
  }

  boolean isExclusive() {
    return options.exclusive();
  }

  HostSpace space() {
    return options.space();
  }

  OpenDirectories directories() {
    return directories;
  }

  HostOpener opener() {
    return opener;
  }

  RetainedPages retained() {
    return retained;
  }

  @Override
  public FileSystemAttributes attributes() {
    try {
      FileStore store = Files.getFileStore(options.directory());
      return new FileSystemAttributes(
          DEFAULT_MAGIC,
          BLOCK_BYTE_SIZE,
          store.getTotalSpace() / BLOCK_BYTE_SIZE,
          store.getUnallocatedSpace() / BLOCK_BYTE_SIZE,
          store.getUsableSpace() / BLOCK_BYTE_SIZE,
          0,
          0,
          255);
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    }
  }

  /** Returns the guest's number for a file: the host's, made unique across its devices. */
  long inodeNumber(HostKey key) {
    long index =
        deviceIndexes.computeIfAbsent(key.device(), _ -> nextDeviceIndex.getAndIncrement());
    return key.inode() ^ (index << HOST_NUMBER_BITS);
  }

  /**
   * Returns the inode of a file, the same for all its names.
   *
   * @param found its attributes, just read or taken to be true
   * @param place the name under which it was found
   * @param openParent the directory that has it, open
   */
  Inode inode(HostAttributes found, HostPlace place, OpenDirectory openParent) throws IOException {
    forgetCollected();
    KnownInode known = inodes.get(found.key());
    Inode existing = known == null ? null : known.get();
    if (existing != null && existing.type() == found.type()) {
      HostNode node = HostNode.of(existing);
      if (!node.isRemoved()) {
        node.addPlace(place);
        node.refresh(found);
        return existing;
      }
    }
    Inode made = make(found, place, openParent);
    inodes.put(found.key(), new KnownInode(found.key(), made, collected));
    return made;
  }

  private Inode make(HostAttributes found, HostPlace place, OpenDirectory openParent)
      throws IOException {
    HostNode node = new HostNode(this, found, place);
    return switch (found.type()) {
      case DIRECTORY -> new HostDirectory(this, node, isHidden(found, place, openParent));
      case REGULAR -> new HostFile(this, node);
      case SYMBOLIC_LINK -> new HostSymbolicLink(this, node);
      default -> new HostSpecialFile(this, node);
    };
  }

  private boolean isHidden(HostAttributes found, HostPlace place, OpenDirectory openParent)
      throws IOException {
    boolean isMountPoint = found.key().device() != place.directory().node().key().device();
    return isMountPoint
        && HIDDEN_TYPES.contains(
            Files.getFileStore(openParent.at(HostNames.toPath(place.name()))).type());
  }

  private void forgetCollected() {
    for (var reference = collected.poll(); reference != null; reference = collected.poll()) {
      inodes.remove(((KnownInode) reference).key, reference);
    }
  }

  /** Notes that a directory keeps a listing, and has others drop theirs if there are too many. */
  void keepsListing(HostDirectory directory, int entryCount) {
    synchronized (listed) {
      Integer before = listed.put(directory, entryCount);
      listedEntries += entryCount - (before == null ? 0 : before);
      var eldest = listed.entrySet().iterator();
      while (listedEntries > LISTED_ENTRY_LIMIT && listed.size() > 1 && eldest.hasNext()) {
        Map.Entry<HostDirectory, Integer> entry = eldest.next();
        listedEntries -= entry.getValue();
        entry.getKey().dropListing();
        eldest.remove();
      }
    }
  }

  /** Notes that a directory keeps its listing no longer. */
  void droppedListing(HostDirectory directory) {
    synchronized (listed) {
      Integer before = listed.remove(directory);
      listedEntries -= before == null ? 0 : before;
    }
  }

  @Override
  public void sync() {
    for (KnownInode known : inodes.values()) {
      @Nullable Inode inode = known.get();
      if (inode instanceof HostFile file) {
        file.sync(false);
      }
    }
  }

  /** Writes back what is dirty and closes everything on the host. */
  @Override
  public void close() {
    for (KnownInode known : inodes.values()) {
      @Nullable Inode inode = known.get();
      if (inode instanceof HostFile file) {
        file.contents().close();
      }
    }
    directories.close();
  }
}
