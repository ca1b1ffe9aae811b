package org.usermem.examples.rowfs;

import org.usermem.fs.Directory;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.attribute.FileSystemAttributes;

/** One mounted table. */
final class RowFileSystem extends FileSystem {

  private static final long MAGIC = 0x726f_7773;

  private final Rows rows;
  private final TableDirectory root;

  RowFileSystem(FileSystemContext context, Rows rows) {
    super(context, RowFileSystemType.NAME);
    this.rows = rows;
    this.root = new TableDirectory(this);
  }

  Rows rows() {
    return rows;
  }

  long now() {
    return context().clock().nanos();
  }

  @Override
  public Directory root() {
    return root;
  }

  @Override
  public FileSystemAttributes attributes() {
    return FileSystemAttributes.withoutStorage(MAGIC);
  }

  /** Other clients of the database change it too. */
  @Override
  public boolean changesByItself() {
    return true;
  }

  @Override
  public void close() {
    rows.close();
  }
}
