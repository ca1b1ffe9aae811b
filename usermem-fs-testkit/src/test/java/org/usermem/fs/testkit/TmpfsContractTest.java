package org.usermem.fs.testkit;

import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;

class TmpfsContractTest extends WritableFileSystemContract {

  @Override
  protected FileSystem create(FileSystemContext context) {
    return new TmpfsFileSystem(context, TmpfsOptions.DEFAULT);
  }
}
