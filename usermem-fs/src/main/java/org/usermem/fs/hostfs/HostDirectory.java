package org.usermem.fs.hostfs;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.HostErrno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.Inode;
import org.usermem.fs.NewFile;
import org.usermem.fs.RegularFile;
import org.usermem.fs.RenameFlags;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;

/** A directory of the host. */
public final class HostDirectory extends Directory {

  /** What the host is asked to do in this directory, open. */
  @FunctionalInterface
  private interface Call<T> {
    T in(OpenDirectory open) throws IOException;
  }

  private final HostFileSystem fileSystem;
  private final HostNode node;

  // Whether nothing is shown of what is in it: a pseudo file system of the host.
  private final boolean hidden;

  // What is in it, if that is known and nobody but us changes it.
  private volatile @Nullable HostListing listing;

  HostDirectory(HostFileSystem fileSystem, HostNode node, boolean hidden) {
    super(fileSystem, node.number());
    this.fileSystem = fileSystem;
    this.node = node;
    this.hidden = hidden;
  }

  HostNode node() {
    return node;
  }

  private <T> T call(Call<T> call) {
    if (node.isRemoved()) {
      throw LinuxException.of(Errno.ENOENT);
    }
    try (OpenDirectory open = fileSystem.directories().use(this)) {
      return call.in(open);
    } catch (NotDirectoryException e) {
      // Something else is at its place now.
      throw LinuxException.of(Errno.ENOENT);
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    } catch (DirectoryIteratorException e) {
      throw LinuxException.of(e.getCause() == null ? Errno.EIO : HostErrno.of(e.getCause()));
    }
  }

  @Override
  public @Nullable Inode lookup(String name) {
    if (hidden) {
      return null;
    }
    HostListing known = listing;
    HostListing.Entry entry = known == null ? null : known.find(name);
    if (known != null && entry == null) {
      return null;
    }
    Optional<Inode> found =
        call(
            open -> {
              try {
                HostAttributes attributes =
                    entry == null
                        ? HostAttributes.read(open.at(HostNames.toPath(name)))
                        : entry.attributes();
                return Optional.of(fileSystem.inode(attributes, new HostPlace(this, name), open));
              } catch (NoSuchFileException e) {
                return Optional.empty();
              }
            });
    return found.orElse(null);
  }

  @Override
  public boolean isCurrent(String name, @Nullable Inode cached) {
    if (cached == null || hidden) {
      return false;
    }
    HostNode child = HostNode.of(cached);
    try {
      HostAttributes now = call(open -> HostAttributes.read(open.at(HostNames.toPath(name))));
      if (!now.key().equals(child.key()) || now.type() != cached.type() || child.isRemoved()) {
        return false;
      }
      child.refresh(now);
      return true;
    } catch (LinuxException e) {
      return false;
    }
  }

  @Override
  public void list(long offset, DirectoryVisitor visitor) {
    if (hidden) {
      return;
    }
    HostListing entries = listing;
    if (entries == null) {
      entries = readListing();
      if (fileSystem.isExclusive()) {
        listing = entries;
        fileSystem.keepsListing(this, entries.entryCount());
      }
    }
    for (int i = entries.indexAfter(offset); i < entries.entryCount(); i++) {
      HostListing.Entry entry = entries.entry(i);
      HostAttributes attributes = entry.attributes();
      if (!visitor.visit(
          entry.name(),
          attributes.type(),
          fileSystem.inodeNumber(attributes.key()),
          entry.hash())) {
        return;
      }
    }
  }

  @Override
  public boolean listsByNameHash() {
    return true;
  }

  private HostListing readListing() {
    return call(
        open -> {
          List<HostListing.Entry> entries = new ArrayList<>();
          try (var stream = open.list()) {
            for (Path path : stream) {
              Path name = path.getFileName();
              try {
                entries.add(
                    new HostListing.Entry(
                        HostNames.ofPath(name), HostAttributes.read(open.at(name))));
              } catch (NoSuchFileException e) {
                // Removed since: it is no entry any more.
              }
            }
          }
          return new HostListing(entries);
        });
  }

  void dropListing() {
    listing = null;
  }

  private void changed() {
    node.touch();
    if (listing != null) {
      listing = null;
      fileSystem.droppedListing(this);
    }
  }

  @Override
  public RegularFile createFile(String name, NewFile attributes) {
    return create(HostCreation.FILE, HostFile.class, name, attributes);
  }

  @Override
  public Directory createDirectory(String name, NewFile attributes) {
    return create(HostCreation.DIRECTORY, HostDirectory.class, name, attributes);
  }

  @Override
  public SymbolicLink createSymbolicLink(String name, String target, NewFile attributes) {
    return create(HostCreation.symbolicLink(target), HostSymbolicLink.class, name, attributes);
  }

  private <T extends Inode> T create(
      HostCreation creation, Class<T> kind, String name, NewFile attributes) {
    return call(
        open -> {
          HostAttributes made = creation.create(open, name, attributes, this::changed);
          Inode inode = fileSystem.inode(made, new HostPlace(this, name), open);
          if (!kind.isInstance(inode)) {
            throw new NoSuchFileException(name);
          }
          return kind.cast(inode);
        });
  }

  @Override
  public void link(String name, Inode existing) {
    HostNode other = HostNode.of(existing);
    call(
        open ->
            other.at(
                (otherOpen, otherName) ->
                    Files.createLink(open.at(HostNames.toPath(name)), otherOpen.at(otherName))));
    other.addPlace(new HostPlace(this, name));
    other.touch();
    changed();
  }

  @Override
  public void unlink(String name, Inode child) {
    HostNode removed = HostNode.of(child);
    int linksBefore = removed.current().linkCount();
    if (child instanceof HostFile file) {
      // Whoever has it open goes on using it, which takes a channel that is open before.
      file.contents().keepOpen();
    }
    call(
        open -> {
          open.stream().deleteFile(HostNames.toPath(name));
          return name;
        });
    removed.unlinked(new HostPlace(this, name), linksBefore);
    changed();
  }

  @Override
  public void removeDirectory(String name, Directory child) {
    call(
        open -> {
          open.stream().deleteDirectory(HostNames.toPath(name));
          return name;
        });
    HostNode.of(child).unlinked(new HostPlace(this, name), 1);
    if (child instanceof HostDirectory directory) {
      fileSystem.directories().forget(directory);
    }
    changed();
  }

  @Override
  public void rename(
      String name,
      Inode child,
      Directory target,
      String newName,
      @Nullable Inode replaced,
      int flags) {
    if (!(target instanceof HostDirectory other)) {
      throw LinuxException.of(Errno.EXDEV);
    }
    if ((flags & ~RenameFlags.NO_REPLACE) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    int linksBefore = 1;
    if (replaced instanceof HostFile file) {
      linksBefore = file.node().current().linkCount();
      file.contents().keepOpen();
    }
    call(
        open ->
            other.call(
                otherOpen -> {
                  open.stream()
                      .move(HostNames.toPath(name), otherOpen.stream(), HostNames.toPath(newName));
                  return name;
                }));
    HostPlace newPlace = new HostPlace(other, newName);
    if (replaced != null) {
      HostNode.of(replaced).unlinked(newPlace, linksBefore);
      if (replaced instanceof HostDirectory directory) {
        fileSystem.directories().forget(directory);
      }
    }
    HostNode moved = HostNode.of(child);
    moved.removePlace(new HostPlace(this, name));
    moved.addPlace(newPlace);
    moved.touch();
    changed();
    other.changed();
  }

  @Override
  public BasicAttributes basicAttributes() {
    return node;
  }

  @Override
  public FileAttributes attributes() {
    return node.place() == null ? rootAttributes() : node.show(node.current().byteSize());
  }

  private FileAttributes rootAttributes() {
    if (!fileSystem.isExclusive()) {
      node.refresh(call(open -> HostAttributes.read(open.at(Path.of(".")))));
    }
    return node.show(node.known().byteSize());
  }

  @Override
  public void setAttributes(AttributeChange change) {
    if (node.place() == null) {
      throw LinuxException.of(Errno.EPERM);
    }
    node.change(change);
  }

  @Override
  public ExtendedAttributes extendedAttributes() {
    return new HostExtendedAttributes(node);
  }
}
