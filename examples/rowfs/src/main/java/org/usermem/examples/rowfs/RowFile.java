package org.usermem.examples.rowfs;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.RegularFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** A row as a file. An unlinked file that is open keeps its contents until it is closed. */
final class RowFile extends RegularFile {

  /** The largest file. A row is written whole, so this bounds what one write costs. */
  static final int MAX_BYTES = 1 << 20;

  private static final int CHUNK = 1 << 16;

  private final RowFileSystem fileSystem;
  private final TableDirectory directory;
  private final ReentrantLock lock = new ReentrantLock();
  private byte[] orphan = new byte[0]; // guarded by lock; the contents once it is unlinked
  private volatile boolean unlinked;

  RowFile(RowFileSystem fileSystem, TableDirectory directory, long id) {
    super(fileSystem, id);
    this.fileSystem = fileSystem;
    this.directory = directory;
  }

  private Rows.Row row() {
    Rows.Row row = fileSystem.rows().find(number());
    if (row == null) {
      throw LinuxException.of(Errno.ESTALE);
    }
    return row;
  }

  void unlinked() {
    lock.lock();
    try {
      orphan = fileSystem.rows().read(number(), 0, MAX_BYTES);
      fileSystem.rows().delete(number());
      unlinked = true;
      directory.forget(this);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long byteSize() {
    lock.lock();
    try {
      return unlinked ? orphan.length : row().byteSize();
    } finally {
      lock.unlock();
    }
  }

  /** The sink is asked how much it takes before the row is read, and takes it in one go. */
  @Override
  public long readAt(Sink dst, long offset) {
    int wanted = (int) Math.min(dst.numBytes(), CHUNK);
    byte[] bytes;
    lock.lock();
    try {
      if (offset >= MAX_BYTES) {
        return 0;
      }
      bytes =
          unlinked
              ? Arrays.copyOfRange(
                  orphan,
                  (int) Math.min(offset, orphan.length),
                  (int) Math.min(offset + wanted, orphan.length))
              : fileSystem.rows().read(number(), offset, wanted);
    } finally {
      lock.unlock();
    }
    return bytes.length == 0 ? 0 : dst.copyOut(bytes);
  }

  @Override
  public long writeAt(Source src, long offset) {
    if (offset >= MAX_BYTES) {
      throw LinuxException.of(Errno.EFBIG);
    }
    int wanted = (int) Math.min(Math.min(src.numBytes(), CHUNK), MAX_BYTES - offset);
    byte[] bytes = new byte[wanted];
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
    return unlinked ? orphan : fileSystem.rows().read(number(), 0, MAX_BYTES);
  }

  private void store(byte[] contents) {
    if (unlinked) {
      orphan = contents;
    } else {
      fileSystem.rows().replace(number(), contents, fileSystem.now());
    }
  }

  @Override
  public void setAttributes(AttributeChange change) {
    if (change.changes(AttributeChange.USER_ID | AttributeChange.GROUP_ID)) {
      throw LinuxException.of(Errno.EPERM);
    }
    lock.lock();
    try {
      if (change.changes(AttributeChange.BYTE_SIZE)) {
        if (change.byteSize() > MAX_BYTES) {
          throw LinuxException.of(Errno.EFBIG);
        }
        store(Arrays.copyOf(contents(), (int) change.byteSize()));
      }
      boolean times =
          change.changes(
              AttributeChange.MODIFICATION_TIME | AttributeChange.MODIFICATION_TIME_NOW);
      if (!unlinked && (times || change.changes(AttributeChange.MODE))) {
        Rows.Row row = row();
        long time =
            change.changes(AttributeChange.MODIFICATION_TIME)
                ? change.modificationTime()
                : times ? fileSystem.now() : row.modifiedNanos();
        int mode = change.changes(AttributeChange.MODE) ? change.mode() : row.mode();
        fileSystem.rows().setModeAndTime(number(), mode, time);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int mode() {
    return FileType.REGULAR.modeBits() | (unlinked ? 0600 : row().mode());
  }

  @Override
  public int userId() {
    return 0;
  }

  @Override
  public int groupId() {
    return 0;
  }

  @Override
  public int linkCount() {
    return unlinked || fileSystem.rows().find(number()) == null ? 0 : 1;
  }

  @Override
  public FileAttributes attributes() {
    long size = byteSize();
    long time = unlinked ? 0 : row().modifiedNanos();
    long blocks = (size + 511) / 512;
    return new FileAttributes(
        fileSystem.deviceId(),
        number(),
        mode(),
        linkCount(),
        0,
        0,
        0,
        size,
        blocks,
        4096,
        time,
        time,
        time,
        time,
        0);
  }

  @Override
  protected void idle() {
    directory.forget(this);
  }
}
