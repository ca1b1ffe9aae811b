package org.usermem.examples.rowfs;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.Inode;
import org.usermem.fs.NewFile;
import org.usermem.fs.RegularFile;
import org.usermem.fs.RenameFlags;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.attribute.InodeAttributes;

/** The table as a directory. */
final class TableDirectory extends Directory {

  private static final long ROOT_NUMBER = Long.MAX_VALUE;
  private static final int PAGE_OF_ROWS = 128;

  private final RowFileSystem fileSystem;
  private final InodeAttributes attributes;
  private final Map<Long, RowFile> files = new ConcurrentHashMap<>();

  TableDirectory(RowFileSystem fileSystem) {
    super(fileSystem, ROOT_NUMBER);
    this.fileSystem = fileSystem;
    this.attributes =
        new InodeAttributes(FileType.DIRECTORY.modeBits() | 0755, 0, 0, 2, fileSystem.now());
  }

  @Override
  public @Nullable Inode lookup(String name) {
    Rows.Row row = fileSystem.rows().find(name);
    return row == null ? null : file(row);
  }

  private RowFile file(Rows.Row row) {
    return files.computeIfAbsent(row.id(), id -> new RowFile(fileSystem, this, id));
  }

  void forget(RowFile file) {
    files.remove(file.number(), file);
  }

  /** Positions are row numbers: a row that is added or taken away meanwhile moves no other. */
  @Override
  public void list(long offset, DirectoryVisitor visitor) {
    long after = offset;
    List<Rows.Row> page;
    do {
      page = fileSystem.rows().after(after, PAGE_OF_ROWS);
      for (Rows.Row row : page) {
        if (!visitor.visit(row.name(), FileType.REGULAR, row.id(), row.id())) {
          return;
        }
        after = row.id();
      }
    } while (!page.isEmpty());
  }

  @Override
  public RegularFile createFile(String name, NewFile wanted) {
    if (fileSystem.rows().find(name) != null) {
      throw LinuxException.of(Errno.EEXIST);
    }
    fileSystem.rows().insert(name, wanted.permissions(), fileSystem.now());
    attributes.modified(fileSystem.now());
    Rows.Row row = fileSystem.rows().find(name);
    if (row == null) {
      throw LinuxException.of(Errno.EIO);
    }
    return file(row);
  }

  @Override
  public void unlink(String name, Inode child) {
    ((RowFile) child).unlinked();
    attributes.modified(fileSystem.now());
  }

  @Override
  public void rename(
      String name,
      Inode child,
      Directory target,
      String newName,
      @Nullable Inode replaced,
      int flags) {
    if ((flags & RenameFlags.EXCHANGE) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (replaced instanceof RowFile file) {
      file.unlinked();
    }
    fileSystem.rows().rename(child.number(), newName);
    attributes.modified(fileSystem.now());
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
    return attributes.linkCount();
  }

  @Override
  public FileAttributes attributes() {
    return attributes.snapshot(fileSystem.deviceId(), number(), 0, 4096, 0);
  }

  @Override
  public void setAttributes(AttributeChange change) {
    attributes.apply(change);
  }
}
