package org.usermem.sentry.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.console.Console;
import org.usermem.kernel.fd.FileDescriptorTable;
import org.usermem.platform.terminal.HostTerminal;

/** A guest's standard streams. */
final class StandardStreams implements AutoCloseable {
  private static final int UNKNOWN_MODE = FileType.FIFO.modeBits() | 0600;

  private final AnonymousFiles files;
  private final Console input;
  private final Console output;
  private final Console error;
  private final boolean fromHost;

  StandardStreams(AnonymousFiles files, GuestStreams streams) {
    this.files = files;
    this.input = new Console(streams.input(), null);
    this.output = new Console(null, streams.output());
    this.error = new Console(null, streams.error());
    this.fromHost = streams.fromHost();
  }

  /**
   * Opens descriptors 0, 1 and 2 of an empty table.
   *
   * @param terminal makes a description of the guest's terminal, for those that are the caller's;
   *     null if there is none
   */
  void install(
      FileDescriptorTable table,
      Credentials credentials,
      @Nullable Supplier<FileDescription> terminal) {
    Console[] consoles = {input, output, error};
    for (int fd = 0; fd < consoles.length; fd++) {
      if (terminal != null && HostTerminal.isTerminal(fd)) {
        table.replace(fd, terminal.get(), false, Integer.MAX_VALUE);
      } else {
        int flags = fd == 0 ? OpenFlags.READ_ONLY : OpenFlags.WRITE_ONLY;
        open(table, fd, consoles[fd], flags, credentials);
      }
    }
  }

  private void open(
      FileDescriptorTable table, int fd, Console console, int flags, Credentials credentials) {
    Integer mode = fromHost ? mode(fd) : Integer.valueOf(UNKNOWN_MODE);
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
