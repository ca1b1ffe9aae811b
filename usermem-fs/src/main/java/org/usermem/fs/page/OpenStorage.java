package org.usermem.fs.page;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * The storage of one file, opened when it is needed and opened again when it is needed for more.
 *
 * <p>Thread safety: none; the owner's lock is held shared for what only looks, exclusive for the
 * rest.
 */
final class OpenStorage {

  private final BackingFile file;
  private @Nullable BackingChannel channel;

  OpenStorage(BackingFile file) {
    this.file = file;
  }

  boolean isOpen() {
    BackingChannel present = channel;
    return present != null && present.isOpen();
  }

  boolean isOpenFor(boolean writing) {
    BackingChannel present = channel;
    return present != null && present.isOpen() && (present.isWritable() || !writing);
  }

  /** Returns an open channel, one that can be written to if that is asked for. */
  BackingChannel open(boolean writable) {
    BackingChannel present = channel;
    if (present != null && isOpenFor(writable)) {
      return present;
    }
    BackingChannel opened = file.open(writable);
    channel = opened;
    if (present != null) {
      present.close();
    }
    return opened;
  }

  /** Returns the channel that was opened before. */
  BackingChannel present() {
    BackingChannel present = channel;
    if (present == null) {
      throw LinuxException.of(Errno.EBADF);
    }
    return present;
  }

  /** Makes what was written durable, if anything can have been. */
  void force(boolean dataOnly) {
    BackingChannel present = channel;
    if (present != null && present.isOpen() && present.isWritable()) {
      present.force(dataOnly);
    }
  }

  void close() {
    BackingChannel present = channel;
    channel = null;
    if (present != null) {
      present.close();
    }
  }
}
