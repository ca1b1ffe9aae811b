package org.usermem.sentry.install;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.usermem.sentry.check.PluginFiles;

/**
 * Private copies of plug-ins. What is checked must be what is defined, and a jar that its owner
 * rewrites must not change under a class loader: so both read a copy that nobody else writes.
 */
final class PluginStore implements AutoCloseable {

  private final Path root;
  private final AtomicLong next = new AtomicLong();

  /** Makes a store in a new directory that only this user may enter. */
  PluginStore() throws IOException {
    root =
        Files.createTempDirectory(
            "usermem-plugins",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** Copies a jar, or a directory of jars, and returns the copy, which has the same file name. */
  Path copy(Path plugin) throws IOException {
    Path directory = Files.createDirectory(root.resolve(Long.toString(next.getAndIncrement())));
    Path to = directory.resolve(plugin.getFileName());
    if (!Files.isDirectory(plugin)) {
      copyFile(plugin, to);
      return to;
    }
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(plugin)) {
      List<Path> jars = files.filter(f -> f.toString().endsWith(".jar")).toList();
      for (Path jar : jars) {
        copyFile(jar, to.resolve(jar.getFileName()));
      }
    }
    return to;
  }

  /** A pipe or a device of that name would be read for ever. */
  private static void copyFile(Path from, Path to) throws IOException {
    if (!Files.isRegularFile(from)) {
      throw new IOException(from + " is no regular file");
    }
    if (Files.size(from) > PluginFiles.MAX_FILE_BYTES) {
      throw new IOException(from + " is larger than " + PluginFiles.MAX_FILE_BYTES + " bytes");
    }
    Files.copy(from, to);
  }

  /** Deletes a copy. Loaders that still have it open go on reading it. */
  void delete(Path copy) throws IOException {
    deleteTree(copy.getParent());
  }

  @Override
  public void close() throws IOException {
    deleteTree(root);
  }

  private static void deleteTree(@Nullable Path tree) throws IOException {
    if (tree == null || !Files.exists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
