package org.usermem.fs.bridge;

import java.lang.ref.WeakReference;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.HostErrno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.FileNames;
import org.usermem.fs.Inode;
import org.usermem.fs.NameHash;
import org.usermem.fs.NewFile;
import org.usermem.fs.RegularFile;
import org.usermem.fs.RenameFlags;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;

/** A directory of a Java file system. */
public final class BridgeDirectory extends Directory {

  private final BridgeFileSystem fileSystem;
  private final BridgeNode node;

  // Inodes that somebody holds, and those of files that were listed: their numbers have to stay.
  private final Map<String, WeakReference<Inode>> children = new ConcurrentHashMap<>();

  BridgeDirectory(BridgeFileSystem fileSystem, BridgeNode node) {
    super(fileSystem, node.number());
    this.fileSystem = fileSystem;
    this.node = node;
  }

  BridgeNode node() {
    return node;
  }

  @Override
  public @Nullable Inode lookup(String name) {
    String unicode = FileNames.toUnicode(name);
    if (unicode == null) {
      // No name of a Java file system.
      return null;
    }
    return find(name).orElse(null);
  }

  private Optional<Inode> find(String name) {
    return BridgeNode.call(
        node.path().resolve(BridgeNode.javaName(name)),
        path -> {
          try {
            return Optional.of(inode(name, BridgeAttributes.read(path)));
          } catch (NoSuchFileException e) {
            return Optional.empty();
          }
        });
  }

  private synchronized Inode inode(String name, BridgeAttributes found) {
    WeakReference<Inode> reference = children.get(name);
    Inode existing = reference == null ? null : reference.get();
    if (existing != null && existing.type() == found.type()) {
      BridgeNode.of(existing).refresh(found);
      return existing;
    }
    BridgeNode made = new BridgeNode(fileSystem, found, this, name);
    Inode inode =
        switch (found.type()) {
          case DIRECTORY -> new BridgeDirectory(fileSystem, made);
          case SYMBOLIC_LINK -> new BridgeSymbolicLink(fileSystem, made);
          default -> new BridgeFile(fileSystem, made);
        };
    children.put(name, new WeakReference<>(inode));
    return inode;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // Inodes are themselves.
  public boolean isCurrent(String name, @Nullable Inode cached) {
    try {
      return cached != null && find(name).orElse(null) == cached;
    } catch (LinuxException e) {
      return false;
    }
  }

  @Override
  public boolean listsByNameHash() {
    return true;
  }

  @Override
  public void list(long offset, DirectoryVisitor visitor) {
    List<String> names = names();
    names.sort(Comparator.comparingLong(NameHash::of));
    for (String name : names) {
      long hash = NameHash.of(name);
      if (hash <= offset) {
        continue;
      }
      Inode inode = find(name).orElse(null);
      if (inode != null && !visitor.visit(name, inode.type(), inode.number(), hash)) {
        return;
      }
    }
  }

  private List<String> names() {
    return BridgeNode.call(
        node.path(),
        path -> {
          List<String> names = new ArrayList<>();
          try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
            for (Path entry : stream) {
              String text = entry.getFileName().toString();
              // A zip file shows directories with a slash at their end.
              names.add(
                  FileNames.ofUnicode(
                      text.endsWith("/") ? text.substring(0, text.length() - 1) : text));
            }
          } catch (DirectoryIteratorException e) {
            throw LinuxException.of(e.getCause() == null ? Errno.EIO : HostErrno.of(e.getCause()));
          }
          return names;
        });
  }

  private <T extends Inode> T create(
      Class<T> kind, String name, NewFile attributes, BridgeNode.Call<Path> maker) {
    Path path = node.path().resolve(BridgeNode.javaName(name));
    BridgeNode.call(path, maker);
    node.touch();
    Inode made = find(name).orElseThrow(() -> LinuxException.of(Errno.EIO));
    BridgeNode.of(made).change(AttributeChange.NONE.withMode(attributes.permissions()));
    if (!kind.isInstance(made)) {
      throw LinuxException.of(Errno.EIO);
    }
    return kind.cast(made);
  }

  @Override
  public RegularFile createFile(String name, NewFile attributes) {
    return create(BridgeFile.class, name, attributes, Files::createFile);
  }

  @Override
  public Directory createDirectory(String name, NewFile attributes) {
    return create(BridgeDirectory.class, name, attributes, Files::createDirectory);
  }

  @Override
  public SymbolicLink createSymbolicLink(String name, String target, NewFile attributes) {
    Path path = node.path().resolve(BridgeNode.javaName(name));
    BridgeNode.call(
        path,
        at ->
            Files.createSymbolicLink(at, at.getFileSystem().getPath(BridgeNode.javaName(target))));
    node.touch();
    if (find(name).orElse(null) instanceof SymbolicLink link) {
      return link;
    }
    throw LinuxException.of(Errno.EIO);
  }

  @Override
  public void unlink(String name, Inode child) {
    remove(name, child);
  }

  @Override
  public void removeDirectory(String name, Directory child) {
    remove(name, child);
  }

  private void remove(String name, Inode child) {
    if (child instanceof BridgeFile file) {
      file.contents().keepOpen();
    }
    BridgeNode.call(
        node.path().resolve(BridgeNode.javaName(name)),
        path -> {
          Files.delete(path);
          return path;
        });
    BridgeNode.of(child).markRemoved();
    children.remove(name);
    node.touch();
  }

  @Override
  public void rename(
      String name,
      Inode child,
      Directory target,
      String newName,
      @Nullable Inode replaced,
      int flags) {
    if (!(target instanceof BridgeDirectory other)) {
      throw LinuxException.of(Errno.EXDEV);
    }
    if ((flags & ~RenameFlags.NO_REPLACE) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (replaced instanceof BridgeFile file) {
      file.contents().keepOpen();
    }
    Path to = other.node.path().resolve(BridgeNode.javaName(newName));
    BridgeNode.call(
        node.path().resolve(BridgeNode.javaName(name)),
        path ->
            replaced == null
                ? Files.move(path, to)
                : Files.move(path, to, StandardCopyOption.REPLACE_EXISTING));
    if (replaced != null) {
      BridgeNode.of(replaced).markRemoved();
    }
    children.remove(name);
    other.children.put(newName, new WeakReference<>(child));
    BridgeNode.of(child).move(other, newName);
    node.touch();
    other.node.touch();
  }

  @Override
  public BasicAttributes basicAttributes() {
    return node;
  }

  @Override
  public FileAttributes attributes() {
    return node.show(node.current().byteSize());
  }

  @Override
  public void setAttributes(AttributeChange change) {
    node.change(change);
  }

  /** Writes back and closes what is open in and below this directory. */
  void closeTree() {
    for (WeakReference<Inode> reference : children.values()) {
      switch (reference.get()) {
        case BridgeDirectory directory -> directory.closeTree();
        case BridgeFile file -> file.contents().close();
        case null, default -> {}
      }
    }
  }
}
