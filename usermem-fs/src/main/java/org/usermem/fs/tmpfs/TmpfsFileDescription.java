package org.usermem.fs.tmpfs;

import org.usermem.addr.AccessType;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.RegularFileDescription;
import org.usermem.memmap.MapOptions;

/** A description of a file in memory, which may be sealed against being mapped for writing. */
final class TmpfsFileDescription extends RegularFileDescription {

  private final TmpfsFile file;

  TmpfsFileDescription(TmpfsFile file, OpenRequest request) {
    super(file, request);
    this.file = file;
  }

  @Override
  public MapOptions configureMap(MapOptions options) {
    if (options.isPrivate() || (file.seals() & (Seals.WRITE | Seals.FUTURE_WRITE)) == 0) {
      return super.configureMap(options);
    }
    if (options.access().contains(AccessType.WRITE)) {
      throw LinuxException.of(Errno.EPERM);
    }
    return super.configureMap(
        options.toBuilder()
            .maxAccess(options.maxAccess().intersect(AccessType.READ_EXECUTE))
            .build());
  }
}
