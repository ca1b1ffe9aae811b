package org.usermem.fs.page;

/**
 * The file that a {@link CachedContents} is a cache of.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public interface BackingFile {

  /**
   * Opens the storage.
   *
   * @param writable whether it is going to be written to as well
   * @throws org.usermem.errno.LinuxException what the storage says
   */
  BackingChannel open(boolean writable);

  /** Returns whether nobody else changes the storage, so that what is known stays true. */
  boolean isExclusive();

  /** Returns whether it is never written to. */
  boolean isReadOnly();

  /** Returns whether it has no name any more, so that nothing needs to be written back. */
  boolean isRemoved();

  /** Returns the size in bytes as the storage has it now, asked while nothing is open. */
  long byteSize();

  /** Is told that the bytes were changed by us. */
  void changed();
}
