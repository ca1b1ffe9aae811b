package org.usermem.examples.rowfs;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.testkit.Feature;
import org.usermem.fs.testkit.WritableFileSystemContract;

/** A table does what every file system does. */
class RowFileSystemContractTest extends WritableFileSystemContract {

  @TempDir Path directory;

  @Override
  protected FileSystem create(FileSystemContext context) {
    return new RowFileSystem(
        context, Rows.open(directory.resolve("files.db").toString(), "files"));
  }

  @Override
  protected Set<Feature> missing() {
    return EnumSet.of(
        Feature.HARD_LINKS,
        Feature.SPECIAL_FILES,
        Feature.EXTENDED_ATTRIBUTES,
        Feature.MAPPING,
        Feature.HOLES,
        Feature.ANY_NAME);
  }
}
