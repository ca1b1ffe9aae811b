package org.usermem.fs.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.hostfs.HostFileSystem;
import org.usermem.fs.hostfs.HostOptions;

/** A host directory that nobody else changes. */
class ExclusiveHostContractTest extends WritableFileSystemContract {

  @TempDir Path directory;

  @Override
  protected FileSystem create(FileSystemContext context) {
    return new HostFileSystem(context, new HostOptions(directory, false, true, 3, 1 << 20));
  }

  @Override
  protected Set<Feature> missing() {
    Set<Feature> missing =
        EnumSet.of(Feature.SPECIAL_FILES, Feature.HOLES, Feature.TEMPORARY_FILES, Feature.EXCHANGE);
    if (!hasUserAttributes()) {
      missing.add(Feature.EXTENDED_ATTRIBUTES);
    }
    return missing;
  }

  private boolean hasUserAttributes() {
    try {
      return Files.getFileStore(directory)
          .supportsFileAttributeView(UserDefinedFileAttributeView.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
