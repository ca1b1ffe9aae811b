package org.usermem.fs.hostfs;

import java.io.IOException;

/**
 * Asks the host how much space a file takes, which Java does not tell.
 *
 * <p>Thread safety: may be called by any thread.
 */
@FunctionalInterface
public interface HostSpace {

  /** Asks nobody: files seem to take what their bytes would, without holes. */
  HostSpace UNKNOWN =
      (directory, name) -> {
        throw new IOException("nobody to ask");
      };

  /**
   * Returns the space taken, as {@code st_blocks} of fstatat(2).
   *
   * @param directory the number of a descriptor of a directory that this process has open
   * @param name a name in it, or {@code "."}; a symbolic link is not followed
   * @return a number of blocks of 512 bytes
   * @throws IOException if that is not known
   */
  long blockCount(int directory, byte[] name) throws IOException;
}
