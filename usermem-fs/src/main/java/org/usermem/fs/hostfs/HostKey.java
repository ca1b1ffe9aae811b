package org.usermem.fs.hostfs;

import org.jspecify.annotations.Nullable;

/**
 * What tells one file of the host from another, as long as it exists.
 *
 * @param device the device that it is on
 * @param inode its inode number there
 */
record HostKey(long device, long inode) {

  // Those that a record has by itself are linked when they are first called, which takes some
  // milliseconds of every start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HostKey key && device == key.device && inode == key.inode;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(device) * 31 + Long.hashCode(inode);
  }
}
