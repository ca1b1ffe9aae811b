package org.usermem.examples.rowfs;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AllocateMode;
import org.usermem.fs.RegularFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** A row as a file. */
final class RowFile extends RegularFile {

  /** The largest file. A row is written whole, so this bounds what one write costs. */
  static final int MAX_BYTES = 1 << 20;

  private static final int CHUNK = 1 << 16;

  private final RowNode node;
  private final Rows rows;
  private final ReentrantLock lock = new ReentrantLock(); // from reading a row to writing it

  RowFile(RowNode node) {
    super(node.fileSystem(), node.id());
    this.node = node;
    this.rows = node.fileSystem().rows();
  }

  @Override
  public long byteSize() {
    return node.row().byteSize();
  }

  /** The row is only read: what a bad pointer does not take is there the next time. */
  @Override
  public long readAt(Sink dst, long offset) {
    if (offset >= MAX_BYTES) {
      return 0;
    }
    byte[] bytes = rows.read(number(), offset, (int) Math.min(dst.numBytes(), CHUNK));
    return bytes.length == 0 ? 0 : dst.copyOut(bytes);
  }

  @Override
  public long writeAt(Source src, long offset) {
    if (offset >= MAX_BYTES) {
      throw LinuxException.of(Errno.EFBIG);
    }
    byte[] bytes = new byte[(int) Math.min(Math.min(src.numBytes(), CHUNK), MAX_BYTES - offset)];
    // Before the lock: copying from the program may fault, and wait for its memory.
    int moved = src.copyIn(bytes);
    lock.lock();
    try {
      byte[] before = contents();
      int end = (int) offset + moved;
      byte[] after = Arrays.copyOf(before, Math.max(before.length, end));
      System.arraycopy(bytes, 0, after, (int) offset, moved);
      store(after);
      return moved;
    } finally {
      lock.unlock();
    }
  }

  private byte[] contents() {
    return rows.read(number(), 0, MAX_BYTES);
  }

  private void store(byte[] contents) {
    rows.replace(number(), contents, node.fileSystem().now());
  }

  @Override
  public void allocate(AllocateMode mode, long offset, long byteCount) {
    long end = offset + byteCount;
    if (end < 0 || end > MAX_BYTES) {
      throw LinuxException.of(Errno.EFBIG);
    }
    switch (mode) {
      case EXTEND -> {
        lock.lock();
        try {
          byte[] contents = contents();
          if (end > contents.length) {
            store(Arrays.copyOf(contents, (int) end));
          }
        } finally {
          lock.unlock();
        }
      }
      case KEEP_SIZE -> {} // there is no space to reserve in a row
      default -> throw LinuxException.of(Errno.EOPNOTSUPP);
    }
  }

  @Override
  public void setAttributes(AttributeChange change) {
    if (change.changes(AttributeChange.BYTE_SIZE)) {
      if (change.byteSize() > MAX_BYTES) {
        throw LinuxException.of(Errno.EFBIG);
      }
      lock.lock();
      try {
        store(Arrays.copyOf(contents(), (int) change.byteSize()));
      } finally {
        lock.unlock();
      }
    }
    node.setAttributes(change);
  }

  @Override
  public void sync(boolean dataOnly) {
    rows.sync();
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
  protected void dispose() {
    node.dispose();
  }
}
