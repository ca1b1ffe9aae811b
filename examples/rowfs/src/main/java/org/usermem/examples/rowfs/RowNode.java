package org.usermem.examples.rowfs;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;

/** What files, directories and links have in common: a row. Other clients change it too. */
record RowNode(RowFileSystem fileSystem, long id) implements BasicAttributes {

  private static final int BLOCK_BYTE_SIZE = 512;

  /**
   * Reads the row.
   *
   * @throws LinuxException ESTALE if another client deleted it
   */
  Row row() {
    Row row = fileSystem.rows().find(id);
    if (row == null) {
      throw LinuxException.of(Errno.ESTALE);
    }
    return row;
  }

  @Override
  public int mode() {
    return row().mode();
  }

  @Override
  public int userId() {
    return row().userId();
  }

  @Override
  public int groupId() {
    return row().groupId();
  }

  @Override
  public int linkCount() {
    Row row = fileSystem.rows().find(id);
    return row == null ? 0 : linkCount(row);
  }

  private int linkCount(Row row) {
    if (row.isRemoved()) {
      return 0;
    }
    return row.type() == FileType.DIRECTORY
        ? 2 + (int) fileSystem.rows().directoriesIn(row.id())
        : 1;
  }

  FileAttributes attributes() {
    Row row = row();
    return new FileAttributes(
        fileSystem.deviceId(),
        id,
        row.mode(),
        linkCount(row),
        row.userId(),
        row.groupId(),
        0,
        row.byteSize(),
        (row.byteSize() + BLOCK_BYTE_SIZE - 1) / BLOCK_BYTE_SIZE,
        4096,
        row.accessTime(),
        row.modificationTime(),
        row.changeTime(),
        0,
        0);
  }

  /** Changes everything but the size. */
  void setAttributes(AttributeChange change) {
    fileSystem.rows().setAttributes(id, change.appliedTo(attributes()));
  }

  /** Nobody uses a row without a directory any more. */
  void dispose() {
    fileSystem.rows().delete(id);
  }
}
