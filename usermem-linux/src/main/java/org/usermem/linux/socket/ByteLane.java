package org.usermem.linux.socket;

import org.usermem.fs.TransferOptions;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;
import org.usermem.fs.pipe.PipeDescription;
import org.usermem.fs.pipe.Pipes;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * A direction of SOCK_STREAM, which is a pipe.
 *
 * @param reader an end of the pipe
 * @param writer the other end
 */
record ByteLane(PipeDescription reader, PipeDescription writer) implements Lane {

  ByteLane(Pipes.Ends ends) {
    this(ends.reader(), ends.writer());
  }

  @Override
  public long read(Sink dst, TransferOptions options) {
    return reader.read(dst, options);
  }

  @Override
  public long write(Source src, TransferOptions options) {
    return writer.write(src, options);
  }

  @Override
  public int readable() {
    return reader.readiness(Readiness.READABLE);
  }

  @Override
  public int writable() {
    return writer.readiness(Readiness.WRITABLE) & Readiness.WRITABLE;
  }

  @Override
  public void openReader(Waiter waiter) {
    reader.register(waiter);
  }

  @Override
  public void closeReader(Waiter waiter) {
    reader.unregister(waiter);
    reader.decRef();
  }

  @Override
  public void openWriter(Waiter waiter) {
    writer.register(waiter);
  }

  @Override
  public void closeWriter(Waiter waiter) {
    writer.unregister(waiter);
    writer.decRef();
  }
}
