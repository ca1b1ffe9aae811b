package org.usermem.fs.hostfs;

import java.nio.file.Path;

/**
 * How a host directory is shown.
 *
 * @param directory the directory that becomes the root
 * @param readOnly whether nothing in it is ever changed
 * @param exclusive whether nobody else changes it meanwhile: names and attributes that are known
 *     are taken to stay true. If somebody does change it, guests see the old state in part, no more
 * @param openDirectoryLimit how many host directories are kept open, each with three descriptors
 * @param cacheByteLimit how many bytes of pages of files are kept that nobody maps any more
 * @param space says how much space a file takes
 */
public record HostOptions(
    Path directory,
    boolean readOnly,
    boolean exclusive,
    int openDirectoryLimit,
    long cacheByteLimit,
    HostSpace space) {

  private static final int DEFAULT_OPEN_DIRECTORY_LIMIT = 100;
  private static final long DEFAULT_CACHE_BYTE_LIMIT = 256 << 20;

  /** Creates options without anybody to ask how much space a file takes. */
  public HostOptions(
      Path directory,
      boolean readOnly,
      boolean exclusive,
      int openDirectoryLimit,
      long cacheByteLimit) {
    this(directory, readOnly, exclusive, openDirectoryLimit, cacheByteLimit, HostSpace.UNKNOWN);
  }

  /** Returns options for a directory that others change too, and that guests may change. */
  public static HostOptions shared(Path directory) {
    return new HostOptions(
        directory, false, false, DEFAULT_OPEN_DIRECTORY_LIMIT, DEFAULT_CACHE_BYTE_LIMIT);
  }

  /** Returns options for a directory that nobody changes, such as the lower layer of an overlay. */
  public static HostOptions lower(Path directory) {
    return new HostOptions(
        directory, true, true, DEFAULT_OPEN_DIRECTORY_LIMIT, DEFAULT_CACHE_BYTE_LIMIT);
  }

  /** Returns these options, read-only or not. */
  public HostOptions withReadOnly(boolean newReadOnly) {
    return new HostOptions(
        directory, newReadOnly, exclusive, openDirectoryLimit, cacheByteLimit, space);
  }

  /** Returns these options with another limit of open directories. */
  public HostOptions withOpenDirectoryLimit(int newLimit) {
    return new HostOptions(directory, readOnly, exclusive, newLimit, cacheByteLimit, space);
  }

  /** Returns these options with somebody to ask how much space a file takes. */
  public HostOptions withSpace(HostSpace newSpace) {
    return new HostOptions(
        directory, readOnly, exclusive, openDirectoryLimit, cacheByteLimit, newSpace);
  }
}
