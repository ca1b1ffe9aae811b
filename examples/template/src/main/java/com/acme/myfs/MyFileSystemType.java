package com.acme.myfs;

import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemType;
import org.usermem.fs.MountRequest;

/** What mount(2) finds by its name. */
public final class MyFileSystemType implements FileSystemType {

  static final String NAME = "myfs";

  /** Creates the type, for the service loader. */
  public MyFileSystemType() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public FileSystem open(MountRequest request) {
    return new MyFileSystem(request.context());
  }
}
