package org.usermem.examples.rowfs;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.Directory;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.Inode;
import org.usermem.fs.attribute.FileSystemAttributes;

/** One mounted table. */
final class RowFileSystem extends FileSystem {

  private static final long MAGIC = 0x726f_7773;

  private final Rows rows;
  private final RowDirectory root;

  // One inode a row as long as anybody has it: uses and locks are counted there. Guarded by this.
  private final Map<Long, WeakReference<Inode>> nodes = new HashMap<>();
  private int sizeAfterSweep = 64;

  RowFileSystem(FileSystemContext context, Rows rows) {
    super(context, RowFileSystemType.NAME);
    this.rows = rows;
    this.root = new RowDirectory(new RowNode(this, Row.ROOT));
  }

  Rows rows() {
    return rows;
  }

  long now() {
    return context().clock().nanos();
  }

  /** Returns the inode of a row. */
  synchronized Inode node(Row row) {
    WeakReference<Inode> known = nodes.get(row.id());
    @Nullable Inode node = known == null ? null : known.get();
    if (node == null) {
      node = make(row);
      sweep();
      nodes.put(row.id(), new WeakReference<>(node));
    }
    return node;
  }

  private Inode make(Row row) {
    RowNode node = new RowNode(this, row.id());
    return switch (row.type()) {
      case DIRECTORY -> new RowDirectory(node);
      case SYMBOLIC_LINK -> new RowLink(node);
      default -> new RowFile(node);
    };
  }

  private void sweep() {
    if (nodes.size() > 2 * sizeAfterSweep) {
      nodes.values().removeIf(node -> node.get() == null);
      sizeAfterSweep = Math.max(64, nodes.size());
    }
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
  public void sync() {
    rows.sync();
  }

  @Override
  public void close() {
    rows.close();
  }
}
