package org.usermem.fs.hostfs;

import java.nio.file.Path;
import java.util.function.Predicate;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemType;
import org.usermem.fs.Mount;
import org.usermem.fs.MountRequest;

/**
 * What mount(2) knows as {@code hostfs}. The source is a directory of the host, so a guest may use
 * this only for directories that the embedder allows.
 */
public final class HostType implements FileSystemType {

  private final Predicate<Path> allowed;

  /**
   * Creates the type.
   *
   * @param allowed which directories a guest may mount
   */
  public HostType(Predicate<Path> allowed) {
    this.allowed = allowed;
  }

  @Override
  public String name() {
    return "hostfs";
  }

  @Override
  public FileSystem open(MountRequest request) {
    Path directory = HostNames.toPath(request.source());
    if (!directory.isAbsolute() || !allowed.test(directory.normalize())) {
      throw LinuxException.of(Errno.EPERM);
    }
    return new HostFileSystem(
        request.context(),
        HostOptions.shared(directory.normalize())
            .withReadOnly((request.flags() & Mount.READ_ONLY) != 0));
  }
}
