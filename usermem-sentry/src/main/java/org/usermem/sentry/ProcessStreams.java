package org.usermem.sentry;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The standard streams of a sandboxed program, and their ends outside. */
final class ProcessStreams {

  private final ReadableByteChannel guestInput;
  private final WritableByteChannel guestOutput;
  private final WritableByteChannel guestErrors;
  private final OutputStream toGuest;
  private final InputStream fromGuest;
  private final InputStream errorsFromGuest;
  private final List<Channel> guestSide = new ArrayList<>();

  /**
   * Opens the streams.
   *
   * @param input where the program reads from
   * @param output where it writes to
   * @param errors where it writes errors to
   * @param merged whether errors go where the output goes
   * @throws IOException if a file can't be opened
   */
  ProcessStreams(Redirect input, Redirect output, Redirect errors, boolean merged)
      throws IOException {
    if (input.type() == Redirect.Type.PIPE) {
      Pipe pipe = Pipe.open();
      guestInput = pipe.source();
      toGuest = Channels.newOutputStream(pipe.sink());
      guestSide.add(guestInput);
    } else {
      guestInput = reading(input);
      toGuest = OutputStream.nullOutputStream();
      toGuest.close();
    }
    if (output.type() == Redirect.Type.PIPE) {
      Pipe pipe = Pipe.open();
      guestOutput = pipe.sink();
      fromGuest = Channels.newInputStream(pipe.source());
      guestSide.add(guestOutput);
    } else {
      guestOutput = writing(output, FileDescriptor.out);
      fromGuest = InputStream.nullInputStream();
    }
    if (merged) {
      guestErrors = guestOutput;
      errorsFromGuest = InputStream.nullInputStream();
    } else if (errors.type() == Redirect.Type.PIPE) {
      Pipe pipe = Pipe.open();
      guestErrors = pipe.sink();
      errorsFromGuest = Channels.newInputStream(pipe.source());
      guestSide.add(guestErrors);
    } else {
      guestErrors = writing(errors, FileDescriptor.err);
      errorsFromGuest = InputStream.nullInputStream();
    }
  }

  private ReadableByteChannel reading(Redirect redirect) throws IOException {
    if (redirect.type() == Redirect.Type.INHERIT) {
      return new FileInputStream(FileDescriptor.in).getChannel();
    }
    FileChannel file = FileChannel.open(pathOf(redirect), StandardOpenOption.READ);
    guestSide.add(file);
    return file;
  }

  private WritableByteChannel writing(Redirect redirect, FileDescriptor own) throws IOException {
    if (redirect.type() == Redirect.Type.INHERIT) {
      return new FileOutputStream(own).getChannel();
    }
    FileChannel file =
        FileChannel.open(
            pathOf(redirect),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            redirect.type() == Redirect.Type.APPEND
                ? StandardOpenOption.APPEND
                : StandardOpenOption.TRUNCATE_EXISTING);
    guestSide.add(file);
    return file;
  }

  private static Path pathOf(Redirect redirect) {
    if (redirect.file() == null) {
      throw new IllegalArgumentException(redirect + " has no file");
    }
    return redirect.file().toPath();
  }

  ReadableByteChannel guestInput() {
    return guestInput;
  }

  WritableByteChannel guestOutput() {
    return guestOutput;
  }

  WritableByteChannel guestErrors() {
    return guestErrors;
  }

  OutputStream toGuest() {
    return toGuest;
  }

  InputStream fromGuest() {
    return fromGuest;
  }

  InputStream errorsFromGuest() {
    return errorsFromGuest;
  }

  /** Closes what the program had: who reads its output then meets the end. */
  void closeGuestSide() {
    try {
      for (Channel channel : guestSide) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
