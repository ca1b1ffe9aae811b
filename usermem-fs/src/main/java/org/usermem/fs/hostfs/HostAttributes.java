package org.usermem.fs.hostfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.usermem.fs.attribute.FileType;

/**
 * The attributes of a file as the host has them.
 *
 * @param key which file
 * @param mode type and permissions
 * @param specialDevice the device that it stands for, or 0
 * @param linkCount the number of hard links
 * @param userId the owner
 * @param groupId the group
 * @param byteSize the size in bytes
 * @param accessTime nanoseconds since the epoch
 * @param modificationTime nanoseconds since the epoch
 * @param changeTime nanoseconds since the epoch
 */
record HostAttributes(
    HostKey key,
    int mode,
    long specialDevice,
    int linkCount,
    int userId,
    int groupId,
    long byteSize,
    long accessTime,
    long modificationTime,
    long changeTime) {

  private static final String WANTED =
      "unix:mode,ino,dev,rdev,nlink,uid,gid,size,lastAccessTime,lastModifiedTime,ctime";
  private static final String KEY = "unix:ino,dev";

  /** Reads the attributes of what a path names, a symbolic link as itself. */
  static HostAttributes read(Path path) throws IOException {
    Map<String, Object> values = Files.readAttributes(path, WANTED, LinkOption.NOFOLLOW_LINKS);
    return new HostAttributes(
        key(values),
        (Integer) value(values, "mode"),
        (Long) value(values, "rdev"),
        (Integer) value(values, "nlink"),
        (Integer) value(values, "uid"),
        (Integer) value(values, "gid"),
        (Long) value(values, "size"),
        nanos(values, "lastAccessTime"),
        nanos(values, "lastModifiedTime"),
        nanos(values, "ctime"));
  }

  /** Reads the key of what a path leads to, links followed: for paths of our own only. */
  static HostKey readKeyFollowing(Path path) throws IOException {
    return key(Files.readAttributes(path, KEY));
  }

  private static HostKey key(Map<String, Object> values) {
    return new HostKey((Long) value(values, "dev"), (Long) value(values, "ino"));
  }

  private static Object value(Map<String, Object> values, String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("the host's file system gives no attribute '" + name + "'");
    }
    return value;
  }

  private static long nanos(Map<String, Object> values, String name) {
    return ((FileTime) value(values, name)).to(TimeUnit.NANOSECONDS);
  }

  FileType type() {
    return FileType.ofMode(mode);
  }
}
