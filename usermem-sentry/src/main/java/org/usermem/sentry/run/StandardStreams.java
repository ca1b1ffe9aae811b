package org.usermem.sentry.run;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
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
import org.usermem.fs.console.InheritedFile;
import org.usermem.kernel.fd.FileDescriptorTable;
import org.usermem.platform.terminal.HostTerminal;

/** A guest's standard streams. */
final class StandardStreams implements AutoCloseable {
  private static final String CLOSED = "usermem.closed";
  private static final int UNKNOWN_MODE = FileType.FIFO.modeBits() | 0600;

  private final AnonymousFiles files;
  private final Console input;
  private final Console output;
  private final Console error;
  private final GuestStreams streams;

  StandardStreams(AnonymousFiles files, GuestStreams streams) {
    this.files = files;
    this.input = new Console(streams.input(), null);
    this.output = new Console(null, streams.output());
    this.error = new Console(null, streams.error());
    this.streams = streams;
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
    Integer mode = streams.fromHost() ? mode(fd) : Integer.valueOf(UNKNOWN_MODE);
    if (mode == null) {
      return;
    }
    String name = "host:[" + fd + "]";
    Channel channel = channel(fd);
    FileDescription file =
        FileType.ofMode(mode) == FileType.REGULAR && channel instanceof FileChannel open
            ? InheritedFile.describe(files, open, mode, name, flags, credentials)
            : console.describe(files, mode, name, flags, credentials);
    table.replace(fd, file, false, Integer.MAX_VALUE);
  }

  private Channel channel(int fd) {
    return switch (fd) {
      case 0 -> streams.input();
      case 1 -> streams.output();
      default -> streams.error();
    };
  }

  /**
   * Type and permissions of one of this process's descriptors; null if it is not open. One that was
   * closed before the JVM started could be a file of the JVM's by now: the launcher says so.
   */
  private static @Nullable Integer mode(int fd) {
    if (System.getProperty(CLOSED, "").indexOf('0' + fd) >= 0) {
      return null;
    }
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
