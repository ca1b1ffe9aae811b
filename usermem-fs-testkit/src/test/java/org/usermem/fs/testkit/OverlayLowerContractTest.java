package org.usermem.fs.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.hostfs.HostFileSystem;
import org.usermem.fs.hostfs.HostOptions;
import org.usermem.fs.overlay.OverlayFileSystem;
import org.usermem.fs.overlay.OverlayOptions;

/**
 * An overlay over a directory with files: every file is one of the lower layer before it is
 * changed.
 */
class OverlayLowerContractTest extends WritableFileSystemContract {

  @TempDir Path directory;
  private Map<String, String> before = Map.of();

  @Override
  protected FileSystem create(FileSystemContext context) throws IOException {
    for (Map.Entry<String, String> file : files().entrySet()) {
      Path path = directory.resolve(file.getKey().substring(1));
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue(), StandardCharsets.ISO_8859_1);
    }
    before = snapshot();
    return new OverlayFileSystem(
        context,
        List.of(new HostFileSystem(context, HostOptions.lower(directory))),
        OverlayOptions.DEFAULT);
  }

  @Override
  protected boolean isFilled() {
    return true;
  }

  private Map<String, String> snapshot() throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (var walk = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) walk::iterator) {
        String contents = Files.isRegularFile(path) ? Files.readString(path) : "";
        all.put(
            path.toString(), Files.readAttributes(path, "unix:mode,uid,nlink,ctime") + contents);
      }
    }
    return all;
  }

  @AfterEach
  void lowerLayerIsUntouched() throws IOException {
    assertEquals(before, snapshot());
  }
}
