package com.acme.myfs;

import org.usermem.fs.Directory;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.attribute.FileSystemAttributes;

/** One mount. */
final class MyFileSystem extends FileSystem {

  private static final long MAGIC = 0x6d79_6673;

  private final MyDirectory root = new MyDirectory(this);

  MyFileSystem(FileSystemContext context) {
    super(context, MyFileSystemType.NAME);
  }

  @Override
  public Directory root() {
    return root;
  }

  @Override
  public FileSystemAttributes attributes() {
    return FileSystemAttributes.withoutStorage(MAGIC);
  }

  @Override
  public boolean isReadOnly() {
    return true;
  }
}
