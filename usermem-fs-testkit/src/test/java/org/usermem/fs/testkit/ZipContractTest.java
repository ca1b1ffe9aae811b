package org.usermem.fs.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.bridge.BridgeFileSystem;
import org.usermem.fs.bridge.BridgeOptions;

/** A bridge to a zip file, which can't be written to. */
class ZipContractTest extends FileSystemContract {

  @TempDir Path directory;
  private java.nio.file.FileSystem zip;

  @Override
  protected FileSystem create(FileSystemContext context, Map<String, String> files)
      throws IOException {
    Path archive = directory.resolve("archive.zip");
    try (var writer = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        Path path = writer.getPath(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue(), ISO_8859_1);
      }
    }
    zip = FileSystems.newFileSystem(archive);
    return new BridgeFileSystem(context, BridgeOptions.readOnly(zip.getPath("/")));
  }

  @AfterEach
  void closeArchive() throws IOException {
    zip.close();
  }
}
