package org.usermem.errno;

/**
 * A copy that had to be complete and was not, after some of its bytes had moved.
 *
 * <p>Thread safety: immutable.
 */
public final class PartialCopyException extends LinuxException {

  private static final long serialVersionUID = 1L;

  private final long bytesMoved;

  /**
   * Makes the exception of a copy.
   *
   * @param errno why the rest could not be copied
   * @param bytesMoved the number of bytes that had been copied
   * @param byteCount the number of bytes that were asked for
   */
  public PartialCopyException(Errno errno, long bytesMoved, long byteCount) {
    super(
        errno,
        errno.name() + " after " + bytesMoved + " of " + byteCount + " bytes had been copied");
    this.bytesMoved = bytesMoved;
  }

  @Override
  public long bytesMoved() {
    return bytesMoved;
  }
}
