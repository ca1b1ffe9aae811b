package org.usermem.sentry.run;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Where a guest's standard streams come from and go to. The channels stay the caller's.
 *
 * @param input what the guest reads
 * @param output what it writes to
 * @param error what it writes errors to
 * @param fromHost whether they are this process's own, and look to the guest like those
 */
public record GuestStreams(
    ReadableByteChannel input,
    WritableByteChannel output,
    WritableByteChannel error,
    boolean fromHost) {

  /** Returns the standard streams of this process. */
  public static GuestStreams ofHost() {
    return new GuestStreams(
        new FileInputStream(FileDescriptor.in).getChannel(),
        new FileOutputStream(FileDescriptor.out).getChannel(),
        new FileOutputStream(FileDescriptor.err).getChannel(),
        true);
  }
}
