package org.usermem.sentry.run;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.console.Console;
import org.usermem.kernel.fd.FileDescriptorTable;

/** The caller's standard streams as the guest's. */
final class StandardStreams implements AutoCloseable {
  private static final int MODE = FileType.FIFO.modeBits() | 0600;

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
    open(table, input, OpenFlags.READ_ONLY, credentials);
    open(table, output, OpenFlags.WRITE_ONLY, credentials);
    open(table, error, OpenFlags.WRITE_ONLY, credentials);
  }

  private void open(
      FileDescriptorTable table, Console console, int flags, Credentials credentials) {
    FileDescription file = console.describe(files, MODE, "pipe:[host]", flags, credentials);
    table.install(0, file, false, Integer.MAX_VALUE);
  }

  @Override
  public void close() {
    input.close();
    output.close();
    error.close();
  }
}
