package org.usermem.fs.attribute;

/**
 * What statfs(2) says about a file system.
 *
 * @param magic the number of the file system's type (TMPFS_MAGIC and the like)
 * @param blockByteSize the unit of the counts of blocks, in bytes
 * @param blockCount all blocks; 0 if there is no limit
 * @param freeBlockCount blocks that are free
 * @param availableBlockCount blocks that are free for programs without privileges
 * @param fileCount all inodes; 0 if there is no limit
 * @param freeFileCount inodes that are free
 * @param nameByteLimit the longest name of a file, in bytes
 */
public record FileSystemAttributes(
    long magic,
    int blockByteSize,
    long blockCount,
    long freeBlockCount,
    long availableBlockCount,
    long fileCount,
    long freeFileCount,
    int nameByteLimit) {

  /**
   * Returns the attributes of a file system without storage of its own.
   *
   * @param magic the number of its type
   * @return attributes in which nothing is counted
   */
  public static FileSystemAttributes withoutStorage(long magic) {
    return new FileSystemAttributes(magic, 4096, 0, 0, 0, 0, 0, 255);
  }
}
