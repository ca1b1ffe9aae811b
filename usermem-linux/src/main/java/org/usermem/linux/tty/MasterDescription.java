package org.usermem.linux.tty;

import java.lang.foreign.MemorySegment;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** The side of a pseudoterminal that types and looks: what opening /dev/ptmx gives. */
public final class MasterDescription extends FileDescription {
  private final PseudoTerminals terminals;
  private final Terminal terminal;

  MasterDescription(PseudoTerminals terminals, Terminal terminal, OpenRequest request) {
    super(request);
    this.terminals = terminals;
    this.terminal = terminal;
  }

  /** Returns the terminal that it is a side of. */
  public Terminal terminal() {
    return terminal;
  }

  PseudoTerminals terminals() {
    return terminals;
  }

  @Override
  protected void onRelease() {
    terminals.remove(terminal);
    terminal.hangUp();
  }

  @Override
  protected long onRead(Sink dst, TransferOptions options) {
    if (dst.isEmpty()) {
      return 0;
    }
    int maximum = (int) Math.min(dst.numBytes(), TerminalOutput.CAPACITY);
    return terminal.show(
        maximum, (bytes, count) -> dst.copyOut(MemorySegment.ofArray(bytes), 0, count));
  }

  @Override
  protected long onWrite(Source src, TransferOptions options) {
    if (src.isEmpty()) {
      return 0;
    }
    byte[] bytes = new byte[(int) Math.min(src.numBytes(), InputLines.CAPACITY)];
    long copied = src.copyIn(MemorySegment.ofArray(bytes), 0, bytes.length);
    return terminal.type(bytes, (int) copied);
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
    return terminal.masterReadiness() & (interest | Readiness.ALWAYS);
  }

  @Override
  public void register(Waiter waiter) {
    terminal.masterQueue().register(waiter);
  }

  @Override
  public void unregister(Waiter waiter) {
    terminal.masterQueue().unregister(waiter);
  }
}
