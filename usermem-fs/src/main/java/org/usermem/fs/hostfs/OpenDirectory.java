package org.usermem.fs.hostfs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A directory of the host that is open, and everything that is done relative to it. Stays open
 * while somebody uses it.
 */
final class OpenDirectory implements AutoCloseable {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Path HERE = Path.of(".");
  private static final Set<OpenOption> READ_HERE =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final SecureDirectoryStream<Path> stream;
  private final FileChannel anchor;
  private final DescriptorFinder finder;
  private final DescriptorFinder.Found found;
  private final Path path;

  // One for being in the cache of open directories, one for each use.
  private final AtomicInteger uses = new AtomicInteger(1);

  private OpenDirectory(
      SecureDirectoryStream<Path> stream,
      FileChannel anchor,
      DescriptorFinder finder,
      DescriptorFinder.Found found) {
    this.stream = stream;
    this.anchor = anchor;
    this.finder = finder;
    this.found = found;
    this.path = DESCRIPTORS.resolve(Integer.toString(found.number()));
  }

  /** Opens the root of a tree by its path, symbolic links followed: the embedder gave it. */
  @SuppressWarnings("StreamResourceLeak") // It is kept.
  static OpenDirectory openRoot(Path directory, DescriptorFinder finder) throws IOException {
    var stream = Files.newDirectoryStream(directory);
    if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
      stream.close();
      throw new IOException("no secure access to " + directory + " on this host");
    }
    return anchored(secure, finder);
  }

  /**
   * Opens a directory in this one.
   *
   * @param key the directory that is expected
   * @throws NotDirectoryException if something else has that name meanwhile
   */
  OpenDirectory openChild(Path name, HostKey key) throws IOException {
    OpenDirectory child =
        anchored(stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS), finder);
    if (!HostAttributes.readKeyFollowing(child.path).equals(key)) {
      child.close();
      throw new NotDirectoryException(name.toString());
    }
    return child;
  }

  private static OpenDirectory anchored(SecureDirectoryStream<Path> stream, DescriptorFinder finder)
      throws IOException {
    FileChannel anchor = null;
    try {
      anchor = (FileChannel) stream.newByteChannel(HERE, READ_HERE);
      return new OpenDirectory(stream, anchor, finder, finder.find(anchor));
    } catch (IOException | RuntimeException e) {
      stream.close();
      if (anchor != null) {
        anchor.close();
      }
      throw e;
    }
  }

  /** Begins a use, if this is still open. */
  boolean tryUse() {
    int current;
    do {
      current = uses.get();
      if (current == 0) {
        return false;
      }
    } while (!uses.compareAndSet(current, current + 1));
    return true;
  }

  /** Returns whether nobody uses this but the cache. */
  boolean isIdle() {
    return uses.get() <= 1;
  }

  /** Ends a use; the last one closes the directory. */
  @Override
  public void close() {
    if (uses.decrementAndGet() > 0) {
      return;
    }
    try {
      finder.closed(found);
      anchor.close();
      stream.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the stream, for what it can do relative to the directory. */
  SecureDirectoryStream<Path> stream() {
    return stream;
  }

  /** Returns a path of a name relative to the open directory; good while this is used. */
  Path at(Path name) {
    return path.resolve(name);
  }

  /** Returns a path of the open directory itself; good while this is used. */
  Path self() {
    return path;
  }

  /** Returns the number of the descriptor; good while this is used. */
  int descriptor() {
    return found.number();
  }

  /** Opens the directory once more, to list it from its start. */
  SecureDirectoryStream<Path> list() throws IOException {
    return stream.newDirectoryStream(HERE, LinkOption.NOFOLLOW_LINKS);
  }
}
