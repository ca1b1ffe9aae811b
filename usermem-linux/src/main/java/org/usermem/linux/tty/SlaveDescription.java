package org.usermem.linux.tty;

import java.lang.foreign.MemorySegment;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** A terminal as programs have it. */
public final class SlaveDescription extends FileDescription {
  private final Terminal terminal;

  /** Opens a terminal. */
  public SlaveDescription(Terminal terminal, OpenRequest request) {
    super(request);
    this.terminal = terminal;
    terminal.slaveOpened();
  }

  /** Returns the terminal. */
  public Terminal terminal() {
    return terminal;
  }

  /**
   * Returns nanoseconds after which a read that finds nothing returns 0; -1 if it waits for ever.
   */
  public long readTimeoutNanos() {
    return terminal.readTimeoutNanos();
  }

  @Override
  protected void onRelease() {
    terminal.slaveClosed();
  }

  @Override
  protected long onRead(Sink dst, TransferOptions options) {
    if (dst.isEmpty()) {
      return 0;
    }
    int maximum = (int) Math.min(dst.numBytes(), InputLines.CAPACITY);
    return terminal.read(
        maximum, (bytes, count) -> dst.copyOut(MemorySegment.ofArray(bytes), 0, count));
  }

  @Override
  protected long onWrite(Source src, TransferOptions options) {
    if (src.isEmpty()) {
      return 0;
    }
    return terminal.write(
        src.numBytes(),
        (bytes, offset, count) ->
            src.dropFirst(offset).copyIn(MemorySegment.ofArray(bytes), 0, count));
  }

  @Override
  public boolean canWait() {
    return true;
  }

  @Override
  public boolean signalsOwner() {
    return true;
  }

  @Override
  public int readiness(int interest) {
    return terminal.slaveReadiness() & (interest | Readiness.ALWAYS);
  }

  @Override
  public void register(Waiter waiter) {
    terminal.slaveQueue().register(waiter);
  }

  @Override
  public void unregister(Waiter waiter) {
    terminal.slaveQueue().unregister(waiter);
  }
}
