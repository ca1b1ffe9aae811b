package org.usermem.fs.overlay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;

/** A directory of an overlay: what the layers have, as far as it was not changed. */
public final class OverlayDirectory extends Directory {

  /** What was changed about a name. */
  private sealed interface Change {

    /** The name leads to an inode that was made here or moved here. */
    record Entry(Inode inode) implements Change {}

    /** The name that a lower layer has was removed. */
    enum Whiteout implements Change {
      REMOVED
    }
  }

  private static final int ENTRY_BYTE_SIZE = 20;

  private final OverlayFileSystem fileSystem;
  private final OverlayNode node;

  /** The directories of the layers that are merged, topmost first. */
  private final List<Directory> lowers;

  // Changed by one call at a time, which the VFS sees to; listings run meanwhile.
  private final Map<String, Change> changes = new ConcurrentHashMap<>(2);

  OverlayDirectory(OverlayFileSystem fileSystem, Directory topmost, List<Directory> lowers) {
    this(fileSystem, new OverlayNode(fileSystem, topmost), lowers);
  }

  private OverlayDirectory(OverlayFileSystem fileSystem, OverlayNode node, List<Directory> lowers) {
    super(fileSystem, node.number());
    this.fileSystem = fileSystem;
    this.node = node;
    node.belongsTo(this);
    this.lowers = lowers;
  }

  OverlayNode node() {
    return node;
  }

  @Override
  public @Nullable Inode lookup(String name) {
    Change change = changes.get(name);
    if (change != null) {
      return change instanceof Change.Entry entry ? entry.inode() : null;
    }
    return lookupBelow(name);
  }

  private @Nullable Inode lookupBelow(String name) {
    for (int i = 0; i < lowers.size(); i++) {
      Inode found = lowers.get(i).lookup(name);
      if (found instanceof Directory directory) {
        return fileSystem.inodeFor(directory, merged(name, directory, i + 1));
      }
      if (found != null) {
        return fileSystem.inodeFor(found, List.of());
      }
    }
    return null;
  }

  /** Returns a directory and those of the same name in the layers from an index on. */
  private List<Directory> merged(String name, Directory topmost, int from) {
    if (from == lowers.size()) {
      return List.of(topmost);
    }
    List<Directory> all = new ArrayList<>();
    all.add(topmost);
    for (Directory lower : lowers.subList(from, lowers.size())) {
      Inode found = lower.lookup(name);
      if (found instanceof Directory directory) {
        all.add(directory);
      } else if (found != null) {
        break;
      }
    }
    return List.copyOf(all);
  }

  private boolean isBelow(String name) {
    for (Directory lower : lowers) {
      if (lower.lookup(name) != null) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean listsByNameHash() {
    return true;
  }

  @Override
  public void list(long offset, DirectoryVisitor visitor) {
    if (changes.isEmpty() && lowers.size() == 1 && lowers.getFirst().listsByNameHash()) {
      Directory lower = lowers.getFirst();
      lower.list(
          offset,
          (name, type, number, next) ->
              visitor.visit(name, type, fileSystem.number(lower.fileSystem(), number), next));
      return;
    }
    MergedListing listing = new MergedListing();
    changes.forEach(
        (name, change) -> {
          if (change instanceof Change.Entry entry) {
            listing.add(name, entry.inode().type(), entry.inode().number());
          } else {
            listing.hide(name);
          }
        });
    for (Directory lower : lowers) {
      lower.list(
          0,
          (name, type, number, next) -> {
            listing.add(name, type, fileSystem.number(lower.fileSystem(), number));
            return true;
          });
    }
    listing.show(offset, visitor);
  }

  private boolean isEmpty() {
    for (Change change : changes.values()) {
      if (change instanceof Change.Entry) {
        return false;
      }
    }
    boolean[] found = new boolean[1];
    for (Directory lower : lowers) {
      lower.list(
          0,
          (name, type, number, next) -> {
            found[0] = !changes.containsKey(name);
            return !found[0];
          });
      if (found[0]) {
        return false;
      }
    }
    return true;
  }

  // Being held goes before the change itself, so that whoever sees one keeps the other.
  private void changed() {
    node.own().modified(fileSystem.now());
  }

  private void add(String name, Inode inode) {
    changed();
    changes.put(name, new Change.Entry(inode));
    countSubdirectory(inode, 1);
  }

  private void remove(String name, Inode inode) {
    changed();
    if (isBelow(name)) {
      changes.put(name, Change.Whiteout.REMOVED);
    } else {
      changes.remove(name);
    }
    countSubdirectory(inode, -1);
  }

  // Some file systems do not count subdirectories: there a directory has one link, and keeps it.
  private void countSubdirectory(Inode inode, int by) {
    int links = node.linkCount();
    if (inode instanceof OverlayDirectory && links >= 2 && links + by >= 2) {
      node.addLinks(by);
    }
  }

  @Override
  public RegularFile createFile(String name, NewFile attributes) {
    OverlayFile file = new OverlayFile(fileSystem, attributes, 1);
    add(name, file);
    return file;
  }

  @Override
  public Directory createDirectory(String name, NewFile attributes) {
    // Whatever the layers have under this name was removed before, so it is not merged.
    OverlayDirectory directory =
        new OverlayDirectory(
            fileSystem, new OverlayNode(fileSystem, FileType.DIRECTORY, attributes, 2), List.of());
    add(name, directory);
    return directory;
  }

  @Override
  public SymbolicLink createSymbolicLink(String name, String target, NewFile attributes) {
    OverlaySymbolicLink link = new OverlaySymbolicLink(fileSystem, target, attributes);
    add(name, link);
    return link;
  }

  @Override
  public SpecialFile createSpecial(
      String name, FileType type, long specialDevice, NewFile attributes) {
    OverlaySpecialFile special =
        new OverlaySpecialFile(fileSystem, type, specialDevice, attributes);
    add(name, special);
    return special;
  }

  @Override
  public RegularFile createTemporary(NewFile attributes) {
    return new OverlayFile(fileSystem, attributes, 0);
  }

  @Override
  public void link(String name, Inode existing) {
    OverlayNode.of(existing).addLinks(1);
    add(name, existing);
  }

  @Override
  public void unlink(String name, Inode child) {
    remove(name, child);
    OverlayNode.of(child).addLinks(-1);
  }

  @Override
  public void removeDirectory(String name, Directory child) {
    requireEmpty(child);
    remove(name, child);
    unlinkDirectory(child);
  }

  private static void requireEmpty(Inode child) {
    if (child instanceof OverlayDirectory directory && !directory.isEmpty()) {
      throw LinuxException.of(Errno.ENOTEMPTY);
    }
  }

  private static void unlinkDirectory(Inode child) {
    OverlayNode node = OverlayNode.of(child);
    node.addLinks(-node.linkCount());
  }

  @Override
  public void rename(
      String name,
      Inode child,
      Directory target,
      String newName,
      @Nullable Inode replaced,
      int flags) {
    if (!(target instanceof OverlayDirectory other)) {
      throw LinuxException.of(Errno.EXDEV);
    }
    if ((flags & RenameFlags.WHITEOUT) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if ((flags & RenameFlags.EXCHANGE) != 0 && replaced != null) {
      remove(name, child);
      other.remove(newName, replaced);
      add(name, replaced);
      other.add(newName, child);
      return;
    }
    if (replaced != null) {
      requireEmpty(replaced);
    }
    remove(name, child);
    if (replaced != null) {
      other.remove(newName, replaced);
      if (replaced instanceof OverlayDirectory) {
        unlinkDirectory(replaced);
      } else {
        OverlayNode.of(replaced).addLinks(-1);
      }
    }
    other.add(newName, child);
    OverlayNode.of(child).own().changed(fileSystem.now());
  }

  @Override
  public BasicAttributes basicAttributes() {
    return node;
  }

  @Override
  public FileAttributes attributes() {
    long byteSize = lowers.isEmpty() ? (changes.size() + 2L) * ENTRY_BYTE_SIZE : 4096;
    return node.show(0, byteSize, 0);
  }

  @Override
  public void setAttributes(AttributeChange change) {
    node.change(change);
  }

  @Override
  public ExtendedAttributes extendedAttributes() {
    return node.extendedAttributes();
  }

  @Override
  protected void dispose() {
    node.dispose();
  }

  /** Frees the contents of files that were made or moved in and below this directory. */
  void freeTree(Set<Inode> seen) {
    for (Change change : changes.values()) {
      if (change instanceof Change.Entry entry && seen.add(entry.inode())) {
        if (entry.inode() instanceof OverlayDirectory directory) {
          directory.freeTree(seen);
        } else if (entry.inode() instanceof OverlayFile file) {
          file.freeContents();
        }
      }
    }
    changes.clear();
  }
}
