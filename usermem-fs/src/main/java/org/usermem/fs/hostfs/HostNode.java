package org.usermem.fs.hostfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.HostErrno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Inode;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.page.BackingChannel;
import org.usermem.fs.page.BackingFile;

/**
 * What the inodes of a host directory have in common: which file of the host they are, under which
 * names it is known, and its attributes. That of a regular file is its storage.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
final class HostNode implements BasicAttributes, BackingFile {

  private static final int BLOCK_BYTE_SIZE = 512;

  /** Does something to a file by its name in an open directory. */
  @FunctionalInterface
  interface Action<T> {
    T at(OpenDirectory directory, Path name) throws IOException;
  }

  private final HostFileSystem fileSystem;
  private final HostKey key;
  private final long number;
  private final List<HostPlace> places = new ArrayList<>(1); // guarded by itself

  private volatile HostAttributes attributes;

  // Asked for when it is shown first, and again when the attributes are others.
  private volatile @Nullable Space space;

  // Whether our own changes have made the attributes out of date.
  private volatile boolean stale;

  // Whether the last name was removed by a guest.
  private volatile boolean removed;

  /** The space taken when some attributes were read, in blocks of 512 bytes; -1 if unknown. */
  private record Space(HostAttributes of, long blockCount) {}

  HostNode(HostFileSystem fileSystem, HostAttributes attributes, @Nullable HostPlace place) {
    this.fileSystem = fileSystem;
    this.key = attributes.key();
    this.number = fileSystem.inodeNumber(key);
    this.attributes = attributes;
    if (place != null) {
      places.add(place);
    }
  }

  static HostNode of(Inode inode) {
    return switch (inode) {
      case HostFile file -> file.node();
      case HostDirectory directory -> directory.node();
      case HostSymbolicLink link -> link.node();
      case HostSpecialFile special -> special.node();
      default -> throw LinuxException.of(Errno.EXDEV);
    };
  }

  @Override
  public int mode() {
    return attributes.mode();
  }

  @Override
  public int userId() {
    return attributes.userId();
  }

  @Override
  public int groupId() {
    return attributes.groupId();
  }

  @Override
  public int linkCount() {
    return removed ? 0 : attributes.linkCount();
  }

  HostKey key() {
    return key;
  }

  long number() {
    return number;
  }

  /** Returns a name of the file; null for the root, and if none is known. */
  @Nullable HostPlace place() {
    synchronized (places) {
      return places.isEmpty() ? null : places.getLast();
    }
  }

  /** Notes that the file has a name: the latest, and another object than any that was tried. */
  void addPlace(HostPlace place) {
    synchronized (places) {
      places.remove(place);
      places.add(place);
    }
    removed = false;
  }

  /** Notes that the file no longer has a name. */
  void removePlace(HostPlace place) {
    synchronized (places) {
      places.remove(place);
    }
  }

  /**
   * Forgets a name that was not there when it was tried. The name may have come back meanwhile:
   * that is another object, which stays.
   */
  @SuppressWarnings("ReferenceEquality")
  private void forget(HostPlace tried) {
    synchronized (places) {
      places.removeIf(place -> place == tried);
    }
  }

  /**
   * Notes that a guest removed a name.
   *
   * @param linksBefore how many there were before; 1 for a directory
   */
  void unlinked(HostPlace place, int linksBefore) {
    removePlace(place);
    if (linksBefore <= 1) {
      removed = true;
    } else {
      stale = true;
    }
  }

  /** Returns the attributes that are known: not always the latest. */
  HostAttributes known() {
    return attributes;
  }

  @Override
  public boolean isRemoved() {
    return removed;
  }

  /**
   * Returns the attributes as the host has them now, or as they are known if nobody else changes
   * them.
   */
  HostAttributes current() {
    if (!removed && (stale || !fileSystem.isExclusive())) {
      stale = false;
      try {
        HostAttributes fresh = readFresh();
        if (fresh.key().equals(key)) {
          attributes = fresh;
        }
      } catch (LinuxException e) {
        // Somebody else removed or moved it: what is known stays what is shown.
        return attributes;
      }
    }
    return attributes;
  }

  private HostAttributes readFresh() {
    return at((directory, name) -> HostAttributes.read(directory.at(name)));
  }

  /** Takes attributes that were just read. */
  void refresh(HostAttributes fresh) {
    attributes = fresh;
  }

  /** Notes that a change of ours has made the attributes out of date. */
  void touch() {
    stale = true;
  }

  @Override
  public BackingChannel open(boolean writable) {
    return fileSystem.opener().open(this, writable);
  }

  @Override
  public boolean isExclusive() {
    return fileSystem.isExclusive();
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

  /**
   * Does something to the file under one of its names.
   *
   * @throws LinuxException what the host says; ENOENT if no name is known any more
   */
  <T> T at(Action<T> action) {
    HostPlace place = place();
    while (place != null) {
      try (OpenDirectory directory = fileSystem.directories().use(place.directory())) {
        return action.at(directory, HostNames.toPath(place.name()));
      } catch (NoSuchFileException e) {
        forget(place);
        place = place();
      } catch (IOException e) {
        throw LinuxException.of(HostErrno.of(e));
      }
    }
    throw LinuxException.of(Errno.ENOENT);
  }

  FileAttributes show(long byteSize) {
    HostAttributes now = current();
    return new FileAttributes(
        fileSystem.deviceId(),
        number,
        now.mode(),
        removed ? 0 : now.linkCount(),
        now.userId(),
        now.groupId(),
        now.specialDevice(),
        byteSize,
        blockCount(now, byteSize),
        4096,
        now.accessTime(),
        now.modificationTime(),
        now.changeTime(),
        0,
        0);
  }

  @SuppressWarnings("ReferenceEquality") // Attributes read again are others.
  private long blockCount(HostAttributes now, long byteSize) {
    Space known = space;
    if (known == null || known.of() != now) {
      known = new Space(now, askForBlockCount());
      space = known;
    }
    return known.blockCount() >= 0
        ? known.blockCount()
        : (byteSize + BLOCK_BYTE_SIZE - 1) / BLOCK_BYTE_SIZE;
  }

  private long askForBlockCount() {
    if (removed) {
      return -1;
    }
    HostPlace place = place();
    HostDirectory directory = place == null ? fileSystem.root() : place.directory();
    String name = place == null ? "." : place.name();
    try (OpenDirectory open = fileSystem.directories().use(directory)) {
      return fileSystem
          .space()
          .blockCount(open.descriptor(), name.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return -1;
    }
  }

  /** Changes attributes on the host, but for the size. */
  void change(AttributeChange change) {
    HostChanges.apply(this, change);
    stale = true;
  }
}
