package org.usermem.fs.testkit;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.bridge.BridgeFileSystem;
import org.usermem.fs.bridge.BridgeOptions;

/** A bridge to the default Java file system. */
class BridgeContractTest extends WritableFileSystemContract {

  @TempDir Path directory;

  @Override
  protected FileSystem create(FileSystemContext context) {
    return new BridgeFileSystem(context, BridgeOptions.writable(directory));
  }

  @Override
  protected Set<Feature> missing() {
    return EnumSet.of(
        Feature.HARD_LINKS,
        Feature.SPECIAL_FILES,
        Feature.EXTENDED_ATTRIBUTES,
        Feature.HOLES,
        Feature.TEMPORARY_FILES,
        Feature.EXCHANGE,
        Feature.ANY_NAME,
        Feature.OWNERSHIP);
  }
}
