package org.usermem.sentry.run;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.console.Console;
import org.usermem.kernel.fd.FileDescriptorTable;

/** The caller's standard streams as the guest's. */
final class StandardStreams implements AutoCloseable {
  private static final int UNKNOWN_MODE = FileType.FIFO.modeBits() | 0600;

  private final AnonymousFiles files;
  private final Console input =
      new Console(new FileInputStream(FileDescriptor.in).getChannel(), null);
  private final Console output =
      new Console(null, new FileOutputStream(FileDescriptor.out).getChannel());
  private final Console error =
      new Console(null, new FileOutputStream(FileDescriptor.err).getChannel());

  StandardStreams(AnonymousFiles files) {
    this.files = files;
  }

  /** Opens descriptors 0, 1 and 2 of an empty table. */
  void install(FileDescriptorTable table, Credentials credentials) {
    open(table, 0, input, OpenFlags.READ_ONLY, credentials);
    open(table, 1, output, OpenFlags.WRITE_ONLY, credentials);
    open(table, 2, error, OpenFlags.WRITE_ONLY, credentials);
  }

  private void open(
      FileDescriptorTable table, int fd, Console console, int flags, Credentials credentials) {
    Integer mode = mode(fd);
    if (mode == null) {
      return;
    }
    String name = "host:[" + fd + "]";
    FileDescription file = console.describe(files, mode, name, flags, credentials);
    table.replace(fd, file, false, Integer.MAX_VALUE);
  }

  /** Type and permissions of one of this process's descriptors; null if it is not open. */
  private static @Nullable Integer mode(int fd) {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/self/fd/" + fd), "unix:mode");
    } catch (IOException e) {
      return null;
    } catch (UnsupportedOperationException e) {
      return UNKNOWN_MODE;
    }
  }

  @Override
  public void close() {
    input.close();
    output.close();
    error.close();
  }
}
