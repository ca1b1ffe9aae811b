package org.usermem.examples.rowfs;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.FileNames;
import org.usermem.fs.Inode;
import org.usermem.fs.NewFile;
import org.usermem.fs.RegularFile;
import org.usermem.fs.RenameFlags;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;

/** A row as a directory: the rows that have it as their parent are in it. */
final class RowDirectory extends Directory {

  private static final int PAGE_OF_ROWS = 128;
  private static final byte[] NOTHING = {};

  private final RowNode node;
  private final RowFileSystem fileSystem;
  private final Rows rows;

  RowDirectory(RowNode node) {
    super(node.fileSystem(), node.id());
    this.node = node;
    this.fileSystem = node.fileSystem();
    this.rows = fileSystem.rows();
  }

  /** A database has names in Unicode. */
  private static String unicode(String name) {
    String text = FileNames.toUnicode(name);
    if (text == null) {
      throw LinuxException.of(Errno.EILSEQ);
    }
    return text;
  }

  @Override
  public @Nullable Inode lookup(String name) {
    String text = FileNames.toUnicode(name);
    Row row = text == null ? null : rows.find(number(), text);
    return row == null ? null : fileSystem.node(row);
  }

  /** Positions are row numbers: a row that is added or taken away meanwhile moves no other. */
  @Override
  public void list(long offset, DirectoryVisitor visitor) {
    long after = offset;
    List<Row> page;
    do {
      page = rows.after(number(), after, PAGE_OF_ROWS);
      for (Row row : page) {
        if (!visitor.visit(FileNames.ofUnicode(row.name()), row.type(), row.id(), row.id())) {
          return;
        }
        after = row.id();
      }
    } while (!page.isEmpty());
  }

  private Inode create(@Nullable Long parent, String name, FileType type, NewFile file, byte[] is) {
    return fileSystem.node(rows.insert(parent, name, type, file, is, fileSystem.now()));
  }

  @Override
  public RegularFile createFile(String name, NewFile wanted) {
    return (RegularFile) create(number(), unicode(name), FileType.REGULAR, wanted, NOTHING);
  }

  @Override
  public Directory createDirectory(String name, NewFile wanted) {
    return (Directory) create(number(), unicode(name), FileType.DIRECTORY, wanted, NOTHING);
  }

  @Override
  public SymbolicLink createSymbolicLink(String name, String target, NewFile wanted) {
    byte[] text = target.getBytes(StandardCharsets.ISO_8859_1);
    return (SymbolicLink) create(number(), unicode(name), FileType.SYMBOLIC_LINK, wanted, text);
  }

  @Override
  public RegularFile createTemporary(NewFile wanted) {
    return (RegularFile) create(null, "", FileType.REGULAR, wanted, NOTHING);
  }

  /** A row has one name: only a file without one can be given one. */
  @Override
  public void link(String name, Inode existing) {
    Row row = rows.find(existing.number());
    if (row == null || !row.isRemoved()) {
      throw LinuxException.of(Errno.EPERM);
    }
    rows.insert(row.id(), number(), unicode(name), fileSystem.now());
  }

  @Override
  public void unlink(String name, Inode child) {
    rows.remove(child.number(), number(), fileSystem.now());
  }

  @Override
  public void removeDirectory(String name, Directory child) {
    requireEmpty(child);
    rows.remove(child.number(), number(), fileSystem.now());
  }

  private void requireEmpty(Directory directory) {
    if (!rows.isEmpty(directory.number())) {
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
    if ((flags & RenameFlags.WHITEOUT) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if ((flags & RenameFlags.EXCHANGE) != 0) {
      Row one = rows.find(child.number());
      Row other = replaced == null ? null : rows.find(replaced.number());
      if (one == null || other == null) {
        throw LinuxException.of(Errno.ENOENT);
      }
      rows.exchange(one, other, fileSystem.now());
      return;
    }
    if (replaced instanceof Directory directory) {
      requireEmpty(directory);
    }
    rows.move(
        child.number(),
        number(),
        target.number(),
        unicode(newName),
        replaced == null ? null : replaced.number(),
        fileSystem.now());
  }

  @Override
  public BasicAttributes basicAttributes() {
    return node;
  }

  @Override
  public FileAttributes attributes() {
    return node.attributes();
  }

  @Override
  public void setAttributes(AttributeChange change) {
    node.setAttributes(change);
  }

  @Override
  protected void dispose() {
    node.dispose();
  }
}
