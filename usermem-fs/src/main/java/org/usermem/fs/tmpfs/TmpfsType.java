package org.usermem.fs.tmpfs;

import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemType;
import org.usermem.fs.MountRequest;

/** What mount(2) knows as {@code tmpfs}. */
public final class TmpfsType implements FileSystemType {

  /** Creates the type. */
  public TmpfsType() {}

  @Override
  public String name() {
    return "tmpfs";
  }

  @Override
  public FileSystem open(MountRequest request) {
    return new TmpfsFileSystem(
        request.context(),
        TmpfsOptions.parse(
            request.options(), request.credentials().userId(), request.credentials().groupId()));
  }
}
