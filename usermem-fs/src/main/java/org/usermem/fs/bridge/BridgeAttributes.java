package org.usermem.fs.bridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileType;

/**
 * The attributes of a file as far as its file system knows them.
 *
 * @param mode type and permissions
 * @param byteSize the size in bytes
 * @param accessTime nanoseconds since the epoch
 * @param modificationTime nanoseconds since the epoch
 * @param birthTime nanoseconds since the epoch
 */
record BridgeAttributes(
    int mode, long byteSize, long accessTime, long modificationTime, long birthTime) {

  private static final int DIRECTORY_PERMISSIONS = 0755;
  private static final int FILE_PERMISSIONS = 0644;

  static BridgeAttributes read(Path path) throws IOException {
    if (Files.getFileAttributeView(path, PosixFileAttributeView.class) == null) {
      BasicFileAttributes basic =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return of(basic, basic.isDirectory() ? DIRECTORY_PERMISSIONS : FILE_PERMISSIONS);
    }
    PosixFileAttributes posix =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return of(posix, bits(posix.permissions()));
  }

  private static BridgeAttributes of(BasicFileAttributes from, int permissions) {
    FileType type =
        from.isDirectory()
            ? FileType.DIRECTORY
            : from.isSymbolicLink() ? FileType.SYMBOLIC_LINK : FileType.REGULAR;
    int shown = type == FileType.SYMBOLIC_LINK ? 0777 : permissions;
    return new BridgeAttributes(
        type.modeBits() | shown,
        from.size(),
        nanos(from.lastAccessTime()),
        nanos(from.lastModifiedTime()),
        nanos(from.creationTime()));
  }

  private static long nanos(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }

  private static int bits(Set<PosixFilePermission> permissions) {
    int bits = 0;
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int i = 0; i < all.length; i++) {
      bits |= permissions.contains(all[i]) ? 0400 >> i : 0;
    }
    return bits;
  }

  FileType type() {
    return FileType.ofMode(mode);
  }

  /** Makes a change as far as the file system can. */
  static void apply(Path path, AttributeChange change) throws IOException {
    PosixFileAttributeView posix =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (change.changes(AttributeChange.MODE) && posix != null) {
      Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
      PosixFilePermission[] all = PosixFilePermission.values();
      for (int i = 0; i < all.length; i++) {
        if ((change.mode() & (0400 >> i)) != 0) {
          permissions.add(all[i]);
        }
      }
      posix.setPermissions(permissions);
    }
    FileTime accessed = time(change, AttributeChange.ACCESS_TIME, change.accessTime());
    FileTime modified = time(change, AttributeChange.MODIFICATION_TIME, change.modificationTime());
    BasicFileAttributeView basic =
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    boolean setsTimes = accessed != null || modified != null;
    if (setsTimes && basic != null) {
      basic.setTimes(modified, accessed, null);
    }
  }

  private static @Nullable FileTime time(AttributeChange change, int bit, long nanos) {
    return change.changes(bit) ? FileTime.from(nanos, TimeUnit.NANOSECONDS) : null;
  }
}
