package org.usermem.fs.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.Inode;
import org.usermem.fs.Location;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.page.ArenaMemoryFile;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.fs.vfs.MountNamespace;
import org.usermem.fs.vfs.PathContext;
import org.usermem.fs.vfs.VirtualFileSystem;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * A VFS with one file system at its root, used by the super-user, and short forms of what tests do
 * with it. Paths are absolute; text is one byte a char.
 */
public final class MountedFileSystem implements AutoCloseable {

  private static final long MEMORY_BYTE_SIZE = 64 << 20;
  private static final int DENTRY_LIMIT = 1000;

  /** Makes the file system at the root. */
  @FunctionalInterface
  public interface Maker {
    /** Makes a file system. */
    FileSystem make(FileSystemContext context) throws Exception;
  }

  private final ArenaMemoryFile memory = new ArenaMemoryFile(MEMORY_BYTE_SIZE);
  private final AtomicLong clock = new AtomicLong(1_700_000_000_000_000_000L);
  private final VirtualFileSystem vfs;
  private final FileSystem fileSystem;
  private final MountNamespace namespace;
  private final PathContext context;

  /**
   * Mounts a file system.
   *
   * @param maker makes it
   * @throws Exception what the maker throws
   */
  public MountedFileSystem(Maker maker) throws Exception {
    vfs = new VirtualFileSystem(memory, clock::incrementAndGet, DENTRY_LIMIT);
    fileSystem = maker.make(vfs.newContext());
    namespace = vfs.newNamespace(fileSystem, "root", 0);
    context = new PathContext(namespace.root(), namespace.root(), Credentials.ROOT, 022);
  }

  /** Returns the VFS. */
  public VirtualFileSystem vfs() {
    return vfs;
  }

  /** Returns the file system at the root. */
  public FileSystem fileSystem() {
    return fileSystem;
  }

  /** Returns what paths mean here: the root is the root of the file system. */
  public PathContext context() {
    return context;
  }

  /** Returns the memory that pages are in. */
  public ArenaMemoryFile memory() {
    return memory;
  }

  /** Returns the root of the file system. */
  public Location root() {
    return namespace.root();
  }

  /** Opens a file. */
  public FileDescription open(String path, int flags) {
    return vfs.open(context, root(), path, flags, 0666, 0);
  }

  /** Makes a file, or replaces what is in it. */
  public void write(String path, String text) {
    FileDescription description =
        open(path, OpenFlags.CREATE | OpenFlags.WRITE_ONLY | OpenFlags.TRUNCATE);
    try {
      Assertions.assertEquals(text.length(), writeFully(description, text));
    } finally {
      description.decRef();
    }
  }

  /** Writes text at the position of a description; returns how much went in. */
  public static long writeFully(FileDescription description, String text) {
    Source rest = source(text);
    long done = 0;
    while (!rest.isEmpty()) {
      long count = description.write(rest);
      if (count == 0) {
        break;
      }
      done += count;
      rest = rest.dropFirst(count);
    }
    return done;
  }

  /** Returns what is in a file. */
  public String read(String path) {
    FileDescription description = open(path, OpenFlags.READ_ONLY);
    try {
      return readAll(description);
    } finally {
      description.decRef();
    }
  }

  /** Reads from the position of a description to the end. */
  public static String readAll(FileDescription description) {
    StringBuilder text = new StringBuilder();
    byte[] bytes = new byte[10_000];
    while (true) {
      int count = (int) description.read(Sink.of(bytes));
      if (count == 0) {
        return text.toString();
      }
      text.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
    }
  }

  /** Reads at an offset, in one call. */
  public static String readAt(FileDescription description, long offset, int byteCount) {
    byte[] bytes = new byte[byteCount];
    int count = (int) description.readAt(Sink.of(bytes), offset, TransferOptions.DEFAULT);
    return new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
  }

  /** Writes at an offset, in one call. */
  public static long writeAt(FileDescription description, long offset, String text) {
    return description.writeAt(source(text), offset, TransferOptions.DEFAULT);
  }

  /** Returns the source of a text. */
  public static Source source(String text) {
    return Source.of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Makes a directory. */
  public void makeDirectory(String path) {
    vfs.makeDirectory(context, root(), path, 0777);
  }

  /** Removes a file. */
  public void unlink(String path) {
    vfs.unlink(context, root(), path);
  }

  /** Removes a directory. */
  public void removeDirectory(String path) {
    vfs.removeDirectory(context, root(), path);
  }

  /** Makes a symbolic link. */
  public void symlink(String target, String path) {
    vfs.makeSymbolicLink(context, target, root(), path);
  }

  /** Gives a file one more name. */
  public void link(String existing, String path) {
    vfs.makeLink(context, root(), existing, root(), path, 0);
  }

  /** Moves a name; flags are those of {@link org.usermem.fs.RenameFlags}. */
  public void rename(String from, String to, int flags) {
    vfs.rename(context, root(), from, root(), to, flags);
  }

  /** Returns the attributes of what a path leads to, links followed. */
  public FileAttributes stat(String path) {
    return vfs.attributes(context, root(), path, LookupFlags.FOLLOW);
  }

  /** Changes attributes of what a path leads to, links not followed. */
  public void change(String path, AttributeChange change) {
    vfs.setAttributes(context, root(), path, 0, change);
  }

  /** Returns what a path leads to, links not followed. */
  public Inode inode(String path) {
    return vfs.resolve(context, root(), path, 0).inode();
  }

  /** Returns the names in a directory, in the order of the listing. */
  public List<String> list(String path) {
    FileDescription directory = open(path, OpenFlags.READ_ONLY | OpenFlags.DIRECTORY);
    try {
      List<String> names = new ArrayList<>();
      directory.list((name, type, inode, next) -> names.add(name));
      names.removeIf(name -> name.equals(".") || name.equals(".."));
      return names;
    } finally {
      directory.decRef();
    }
  }

  /** Fails unless a call throws a {@link LinuxException} with an errno. */
  public static void assertErrno(Errno expected, Executable call) {
    Assertions.assertEquals(expected, Assertions.assertThrows(LinuxException.class, call).errno());
  }

  /** Unmounts the file system; fails if it leaves pages allocated. */
  @Override
  public void close() {
    namespace.close();
    vfs.close();
    Assertions.assertEquals(
        0, memory.allocatedBytes(), "bytes of pages that the closed file system still holds");
    memory.close();
  }
}
