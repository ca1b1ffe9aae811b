package org.usermem.fs.tmpfs;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.Inode;
import org.usermem.fs.NewFile;
import org.usermem.fs.RegularFile;
import org.usermem.fs.RenameFlags;
import org.usermem.fs.SpecialFile;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.DeviceNumber;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;

/** A directory in memory. */
public final class TmpfsDirectory extends Directory {

  /** What an entry adds to the size that stat(2) shows (BOGO_DIRENT_SIZE of Linux). */
  private static final int ENTRY_BYTE_SIZE = 20;

  /** An entry; its offset is its place in listings, and is never used again. */
  private record Entry(String name, Inode inode, long offset) {}

  private final TmpfsFileSystem fileSystem;
  private final TmpfsNode node;

  // Changed by one call at a time, which the VFS sees to; listings run meanwhile.
  private final Map<String, Entry> byName = new ConcurrentHashMap<>(4);
  private final ConcurrentNavigableMap<Long, Entry> byOffset = new ConcurrentSkipListMap<>();
  private long nextOffset = 1;

  TmpfsDirectory(TmpfsFileSystem fileSystem, NewFile attributes) {
    super(fileSystem, fileSystem.takeInode());
    this.fileSystem = fileSystem;
    this.node = new TmpfsNode(fileSystem, FileType.DIRECTORY, attributes, 2);
  }

  TmpfsNode node() {
    return node;
  }

  @Override
  public @Nullable Inode lookup(String name) {
    Entry entry = byName.get(name);
    return entry == null ? null : entry.inode();
  }

  @Override
  public void list(long offset, DirectoryVisitor visitor) {
    for (Entry entry : byOffset.tailMap(offset, false).values()) {
      Inode inode = entry.inode();
      if (!visitor.visit(entry.name(), inode.type(), inode.number(), entry.offset())) {
        return;
      }
    }
  }

  /** Returns whether there are no entries. */
  public boolean isEmpty() {
    return byName.isEmpty();
  }

  private void add(String name, Inode inode) {
    Entry entry = new Entry(name, inode, nextOffset++);
    byName.put(name, entry);
    byOffset.put(entry.offset(), entry);
    node.attributes().modified(fileSystem.now());
    if (inode instanceof TmpfsDirectory) {
      node.addLinks(1);
    }
  }

  private void remove(String name) {
    Entry entry = byName.remove(name);
    if (entry == null) {
      throw LinuxException.of(Errno.ENOENT);
    }
    byOffset.remove(entry.offset());
    node.attributes().modified(fileSystem.now());
    if (entry.inode() instanceof TmpfsDirectory) {
      node.addLinks(-1);
    }
  }

  // Puts another inode in the place of an entry, which keeps its offset.
  private void replace(String name, Inode inode) {
    Entry old = byName.get(name);
    if (old == null) {
      add(name, inode);
      return;
    }
    Entry entry = new Entry(name, inode, old.offset());
    byName.put(name, entry);
    byOffset.put(entry.offset(), entry);
    node.attributes().modified(fileSystem.now());
    int before = old.inode() instanceof TmpfsDirectory ? 1 : 0;
    int after = inode instanceof TmpfsDirectory ? 1 : 0;
    if (before != after) {
      node.addLinks(after - before);
    }
  }

  @Override
  public RegularFile createFile(String name, NewFile attributes) {
    TmpfsFile file = new TmpfsFile(fileSystem, attributes, 1);
    add(name, file);
    return file;
  }

  @Override
  public TmpfsDirectory createDirectory(String name, NewFile attributes) {
    TmpfsDirectory directory = new TmpfsDirectory(fileSystem, attributes);
    add(name, directory);
    return directory;
  }

  @Override
  public SymbolicLink createSymbolicLink(String name, String target, NewFile attributes) {
    TmpfsSymbolicLink link = new TmpfsSymbolicLink(fileSystem, target, attributes);
    add(name, link);
    return link;
  }

  @Override
  public SpecialFile createSpecial(
      String name, FileType type, long specialDevice, NewFile attributes) {
    TmpfsSpecialFile special = fileSystem.newSpecial(type, specialDevice, attributes);
    add(name, special);
    return special;
  }

  @Override
  public RegularFile createTemporary(NewFile attributes) {
    return new TmpfsFile(fileSystem, attributes, 0);
  }

  @Override
  public void link(String name, Inode existing) {
    TmpfsNode.of(existing).addLinks(1);
    add(name, existing);
  }

  @Override
  public void unlink(String name, Inode child) {
    remove(name);
    TmpfsNode.of(child).addLinks(-1);
  }

  @Override
  public void removeDirectory(String name, Directory child) {
    if (!(child instanceof TmpfsDirectory directory)) {
      throw LinuxException.of(Errno.EXDEV);
    }
    requireEmpty(directory);
    remove(name);
    directory.node.addLinks(-2);
  }

  private static void requireEmpty(TmpfsDirectory directory) {
    if (!directory.isEmpty()) {
      throw LinuxException.of(Errno.ENOTEMPTY);
    }
  }

  @Override
  public void rename(
      String name,
      Inode child,
      Directory target,
      String newName,
      @Nullable Inode replaced,
      int flags) {
    if (!(target instanceof TmpfsDirectory other)) {
      throw LinuxException.of(Errno.EXDEV);
    }
    long now = fileSystem.now();
    TmpfsNode.of(child).attributes().changed(now);
    if ((flags & RenameFlags.EXCHANGE) != 0 && replaced != null) {
      replace(name, replaced);
      other.replace(newName, child);
      TmpfsNode.of(replaced).attributes().changed(now);
      return;
    }
    if (replaced instanceof TmpfsDirectory directory) {
      requireEmpty(directory);
    }
    if ((flags & RenameFlags.WHITEOUT) != 0) {
      NewFile nobody = new NewFile(0, 0, 0);
      replace(
          name, fileSystem.newSpecial(FileType.CHARACTER_DEVICE, DeviceNumber.of(0, 0), nobody));
    } else {
      remove(name);
    }
    other.replace(newName, child);
    if (replaced != null) {
      TmpfsNode.of(replaced).addLinks(replaced instanceof TmpfsDirectory ? -2 : -1);
    }
  }

  @Override
  public BasicAttributes basicAttributes() {
    return node.attributes();
  }

  @Override
  public FileAttributes attributes() {
    long byteSize = (byName.size() + 2L) * ENTRY_BYTE_SIZE;
    return node.attributes().snapshot(fileSystem.deviceId(), number(), 0, byteSize, 0);
  }

  @Override
  public void setAttributes(AttributeChange change) {
    node.attributes().apply(change);
  }

  @Override
  public ExtendedAttributes extendedAttributes() {
    return node.extendedAttributes();
  }

  @Override
  protected void dispose() {
    node.dispose();
  }

  /** Frees the contents of all files in and below this directory. */
  void disposeTree() {
    for (Entry entry : byName.values()) {
      if (entry.inode() instanceof TmpfsDirectory directory) {
        directory.disposeTree();
      } else if (entry.inode() instanceof TmpfsFile file) {
        file.freeAll();
      }
    }
    byName.clear();
    byOffset.clear();
  }
}
