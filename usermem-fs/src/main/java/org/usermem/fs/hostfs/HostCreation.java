package org.usermem.fs.hostfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.usermem.fs.NewFile;

/** Makes files of one kind in open directories of the host. */
final class HostCreation {

  private static final Set<OpenOption> CREATE_NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  /** Makes regular files. */
  static final HostCreation FILE =
      new HostCreation(
          (open, path, permissions) ->
              open.stream().newByteChannel(path, CREATE_NEW, permissions).close(),
          false);

  /** Makes directories. */
  static final HostCreation DIRECTORY =
      new HostCreation(
          (open, path, permissions) -> Files.createDirectory(open.at(path), permissions), false);

  /** Makes a file on the host, relative to an open directory. */
  @FunctionalInterface
  private interface Maker {
    void make(OpenDirectory open, Path name, FileAttribute<?> permissions) throws IOException;
  }

  private final Maker maker;
  private final boolean isLink;

  private HostCreation(Maker maker, boolean isLink) {
    this.maker = maker;
    this.isLink = isLink;
  }

  /** Makes symbolic links to a target. */
  static HostCreation symbolicLink(String target) {
    return new HostCreation(
        (open, path, permissions) ->
            Files.createSymbolicLink(open.at(path), HostNames.toPath(target)),
        true);
  }

  /**
   * Makes a file.
   *
   * @param changed told when there is one, whatever happens next
   * @return what the file has become
   */
  HostAttributes create(OpenDirectory open, String name, NewFile attributes, Runnable changed)
      throws IOException {
    Path path = HostNames.toPath(name);
    maker.make(open, path, permissions(attributes));
    changed.run();
    HostChanges.complete(open.at(path), attributes, isLink);
    return HostAttributes.read(open.at(path));
  }

  private static FileAttribute<Set<PosixFilePermission>> permissions(NewFile attributes) {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int bit = 0; bit < all.length; bit++) {
      if ((attributes.permissions() & (0400 >> bit)) != 0) {
        set.add(all[bit]);
      }
    }
    return PosixFilePermissions.asFileAttribute(set);
  }
}
