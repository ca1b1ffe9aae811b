package org.usermem.fs.testkit;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.hostfs.HostFileSystem;
import org.usermem.fs.hostfs.HostOptions;
import org.usermem.fs.overlay.OverlayFileSystem;
import org.usermem.fs.overlay.OverlayOptions;

/** An overlay over an empty directory: every file is new. */
class OverlayContractTest extends WritableFileSystemContract {

  @TempDir Path directory;

  @Override
  protected FileSystem create(FileSystemContext context) {
    return new OverlayFileSystem(
        context,
        List.of(new HostFileSystem(context, HostOptions.lower(directory))),
        OverlayOptions.DEFAULT);
  }
}
