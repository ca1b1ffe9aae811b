package org.usermem.linux.tty;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.WaitQueue;
import org.usermem.kernel.ControllingTerminal;
import org.usermem.kernel.ProcessGroup;
import org.usermem.kernel.Session;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;

/**
 * A terminal: a line discipline with a side for programs (the slave of a pseudoterminal) and a side
 * for whoever types and looks (its master). Nothing here waits; who finds nothing to do gets EAGAIN
 * and is notified. Thread-safe.
 *
 * <p>Signals are sent after the terminal's lock is given back: the kernel's locks come before it
 * nowhere.
 */
public final class Terminal implements ControllingTerminal {
  private static final int CHUNK = 512;

  private final ReentrantLock lock = new ReentrantLock();
  private final WaitQueue masterQueue = new WaitQueue();
  private final WaitQueue slaveQueue = new WaitQueue();
  private final int number;

  // What follows is guarded by the lock.

  private final List<Integer> typedSignals = new ArrayList<>();
  private final TypedAhead typedAhead = new TypedAhead();
  private final PacketStatus packetStatus = new PacketStatus();
  private final LineDiscipline discipline = new LineDiscipline(typedSignals::add);
  private WindowSize windowSize = WindowSize.UNKNOWN;
  private @Nullable Session session;
  private int slaveCount;
  private boolean slaveWasOpened;
  private boolean masterClosed;
  private boolean packetMode;
  private boolean slaveLocked;

  /**
   * Makes a terminal.
   *
   * @param number its number among the pseudoterminals
   */
  public Terminal(int number) {
    this.number = number;
  }

  /** Returns its number among the pseudoterminals. */
  public int number() {
    return number;
  }

  /** Returns where new output, and room for input, is announced to whoever types and looks. */
  public WaitQueue masterQueue() {
    return masterQueue;
  }

  WaitQueue slaveQueue() {
    return slaveQueue;
  }

  /**
   * Takes what was typed.
   *
   * @return how many bytes were taken; fewer than given if the line is full
   * @throws LinuxException EAGAIN if none was
   */
  public int type(byte[] bytes, int byteCount) {
    List<Integer> signals;
    int taken;
    lock.lock();
    try {
      taken = Math.min(byteCount, typedAhead.room());
      for (int i = 0; i < taken; i++) {
        typedAhead.add(bytes[i]);
      }
      signals = processTypedLocked();
    } finally {
      lock.unlock();
    }
    announceTyped(signals);
    if (taken == 0 && byteCount > 0) {
      throw LinuxException.of(Errno.EAGAIN);
    }
    return taken;
  }

  /** Gives the line discipline what it has room for; returns the signals that this gave. */
  private List<Integer> processTypedLocked() {
    boolean wasStopped = discipline.isStopped();
    typedAhead.drainInto(discipline);
    if (discipline.isStopped() != wasStopped) {
      packetStatus.stopped(!wasStopped);
    }
    List<Integer> signals = List.copyOf(typedSignals);
    typedSignals.clear();
    return signals;
  }

  private void announceTyped(List<Integer> signals) {
    signals.forEach(this::signalForeground);
    slaveQueue.notify(Readiness.READABLE | Readiness.WRITABLE);
    masterQueue.notify(Readiness.READABLE | Readiness.WRITABLE);
  }

  /** Where bytes go; says how many it took, or throws and took none. */
  @FunctionalInterface
  public interface Taker {
    /** Takes the first bytes of an array. */
    long take(byte[] bytes, int byteCount);
  }

  /**
   * Gives what the terminal shows to whoever looks.
   *
   * @return how many bytes were taken
   * @throws LinuxException EAGAIN if there is nothing new; EIO if no program has the terminal any
   *     more
   */
  public long show(int maximum, Taker taker) {
    long taken;
    lock.lock();
    try {
      if (packetMode && !packetStatus.isEmpty()) {
        return taker.take(new byte[] {packetStatus.take()}, 1);
      }
      ByteQueue output = discipline.output().bytes();
      if (output.size() == 0 || discipline.isStopped()) {
        boolean gone = slaveWasOpened && slaveCount == 0;
        throw LinuxException.of(gone ? Errno.EIO : Errno.EAGAIN);
      }
      int prefix = packetMode ? 1 : 0;
      byte[] bytes = new byte[Math.min(maximum, output.size() + prefix)];
      byte[] data = bytes;
      int count = output.peek(data, bytes.length - prefix);
      if (packetMode) {
        System.arraycopy(data, 0, bytes, 1, count);
        bytes[0] = 0;
      }
      taken = taker.take(bytes, count + prefix);
      output.drop((int) Math.max(0, taken - prefix));
    } finally {
      lock.unlock();
    }
    slaveQueue.notify(Readiness.WRITABLE);
    return taken;
  }

  /**
   * Reads what was typed, for a program.
   *
   * @return how many bytes were taken; 0 at the end of file or after the other side was closed
   * @throws LinuxException EAGAIN if there is nothing yet
   */
  long read(int maximum, Taker taker) {
    long taken;
    List<Integer> signals;
    lock.lock();
    try {
      boolean canonical = discipline.termios().isCanonical();
      InputLines input = discipline.input();
      if (masterClosed) {
        return 0;
      }
      if (!discipline.isReadable()) {
        Termios termios = discipline.termios();
        if (!canonical && termios.minimum() == 0 && termios.time() == 0) {
          return 0;
        }
        if (canonical
            || input.readable(false) < Math.min(maximum, termios.minimum())
            || input.readable(false) == 0) {
          throw LinuxException.of(Errno.EAGAIN);
        }
      }
      byte[] bytes = new byte[Math.min(maximum, input.readable(canonical))];
      input.peek(bytes, bytes.length);
      taken = bytes.length == 0 ? 0 : taker.take(bytes, bytes.length);
      input.consume((int) taken, canonical);
      signals = processTypedLocked();
    } finally {
      lock.unlock();
    }
    announceTyped(signals);
    return taken;
  }

  /** Where a program's bytes come from: copies up to a number of them, and says how many. */
  @FunctionalInterface
  interface Giver {
    long give(byte[] bytes, long offset, int byteCount);
  }

  /**
   * Shows what a program writes.
   *
   * @return how many bytes were shown
   * @throws LinuxException EAGAIN if there is no room; EIO if nobody looks any more
   */
  long write(long byteCount, Giver giver) {
    long written = 0;
    lock.lock();
    try {
      if (masterClosed) {
        throw LinuxException.of(Errno.EIO);
      }
      byte[] chunk = new byte[(int) Math.min(CHUNK, byteCount)];
      TerminalOutput output = discipline.output();
      while (written < byteCount && output.hasRoom() && !discipline.isStopped()) {
        int wanted = (int) Math.min(chunk.length, byteCount - written);
        int given = (int) giver.give(chunk, written, wanted);
        int shown = 0;
        while (shown < given && output.hasRoom()) {
          output.write(chunk[shown++], discipline.termios());
        }
        written += shown;
        if (shown < wanted) {
          break;
        }
      }
    } finally {
      lock.unlock();
    }
    if (written == 0 && byteCount > 0) {
      throw LinuxException.of(Errno.EAGAIN);
    }
    masterQueue.notify(Readiness.READABLE);
    return written;
  }

  int masterReadiness() {
    lock.lock();
    try {
      int ready = typedAhead.room() > 0 ? Readiness.WRITABLE : 0;
      if (discipline.output().bytes().size() > 0 && !discipline.isStopped()) {
        ready |= Readiness.READABLE;
      }
      if (packetMode && !packetStatus.isEmpty()) {
        ready |= Readiness.READABLE | Readiness.PRIORITY;
      }
      return slaveWasOpened && slaveCount == 0 ? ready | Readiness.HANG_UP : ready;
    } finally {
      lock.unlock();
    }
  }

  int slaveReadiness() {
    lock.lock();
    try {
      if (masterClosed) {
        return Readiness.READABLE | Readiness.WRITABLE | Readiness.ALWAYS;
      }
      int ready = discipline.isReadable() ? Readiness.READABLE : 0;
      boolean writable = discipline.output().hasRoom() && !discipline.isStopped();
      return writable ? ready | Readiness.WRITABLE : ready;
    } finally {
      lock.unlock();
    }
  }

  /** Nanoseconds after which a read that finds nothing returns 0; -1 if it waits for ever. */
  long readTimeoutNanos() {
    lock.lock();
    try {
      Termios termios = discipline.termios();
      boolean timed = !termios.isCanonical() && termios.minimum() == 0 && termios.time() > 0;
      return timed ? termios.time() * 100_000_000L : -1;
    } finally {
      lock.unlock();
    }
  }

  Termios termios() {
    lock.lock();
    try {
      return discipline.termios();
    } finally {
      lock.unlock();
    }
  }

  void setTermios(Termios termios, boolean flushesInput) {
    List<Integer> signals;
    lock.lock();
    try {
      if (flushesInput) {
        discipline.input().clear();
        packetStatus.flushed(true, false);
      }
      discipline.setTermios(termios);
      signals = processTypedLocked();
    } finally {
      lock.unlock();
    }
    announceTyped(signals);
  }

  /** Has lines edited by characters of UTF-8 rather than by bytes (IUTF8). */
  public void editUtf8() {
    lock.lock();
    try {
      discipline.setTermios(discipline.termios().withInput(Termios.IUTF8));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Drops what was typed or what was not shown yet (TCFLSH).
   *
   * @param byMaster whether the side that types and looks asks, which is not told of it then
   */
  void flush(boolean input, boolean output, boolean byMaster) {
    List<Integer> signals;
    lock.lock();
    try {
      if (!byMaster) {
        packetStatus.flushed(input, output);
      }
      if (input) {
        discipline.input().clear();
      }
      if (output) {
        discipline.output().bytes().clear();
      }
      signals = processTypedLocked();
    } finally {
      lock.unlock();
    }
    announceTyped(signals);
  }

  void setStopped(boolean stopped) {
    lock.lock();
    try {
      if (discipline.isStopped() != stopped) {
        packetStatus.stopped(stopped);
      }
      discipline.setStopped(stopped);
    } finally {
      lock.unlock();
    }
    masterQueue.notify(Readiness.READABLE);
    slaveQueue.notify(Readiness.WRITABLE);
  }

  /** Bytes that a program could read (FIONREAD). */
  int availableInput() {
    lock.lock();
    try {
      return discipline.input().available(discipline.termios().isCanonical());
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that whoever looks has not seen yet. */
  int availableOutput() {
    lock.lock();
    try {
      return discipline.output().bytes().size();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the size of the window. */
  public WindowSize windowSize() {
    lock.lock();
    try {
      return windowSize;
    } finally {
      lock.unlock();
    }
  }

  /** Sets the size of the window; the foreground process group learns of a change by SIGWINCH. */
  public void setWindowSize(WindowSize size) {
    boolean changed;
    lock.lock();
    try {
      changed = !size.equals(windowSize);
      windowSize = size;
    } finally {
      lock.unlock();
    }
    if (changed) {
      signalForeground(Signals.SIGWINCH);
    }
  }

  private void signalForeground(int signo) {
    Session owner = session();
    ProcessGroup group = owner == null ? null : owner.foreground();
    if (group != null) {
      group.send(SignalInfo.kernel(signo));
    }
  }

  @Nullable Session session() {
    lock.lock();
    try {
      return session;
    } finally {
      lock.unlock();
    }
  }

  /** Makes this the controlling terminal of a session that has none. */
  public void becomeControlling(Session owner) {
    owner.acquireTerminal(this);
    lock.lock();
    try {
      session = owner;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void released(Session former) {
    lock.lock();
    try {
      if (session == former) {
        session = null;
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isSlaveLocked() {
    lock.lock();
    try {
      return slaveLocked;
    } finally {
      lock.unlock();
    }
  }

  void setSlaveLocked(boolean locked) {
    lock.lock();
    try {
      slaveLocked = locked;
    } finally {
      lock.unlock();
    }
  }

  boolean isPacketMode() {
    lock.lock();
    try {
      return packetMode;
    } finally {
      lock.unlock();
    }
  }

  void setPacketMode(boolean on) {
    lock.lock();
    try {
      if (on && !packetMode) {
        packetStatus.take();
      }
      packetMode = on;
    } finally {
      lock.unlock();
    }
  }

  /** Counts a description of the slave side. */
  void slaveOpened() {
    lock.lock();
    try {
      if (masterClosed || slaveLocked) {
        throw LinuxException.of(Errno.EIO);
      }
      slaveCount++;
      slaveWasOpened = true;
    } finally {
      lock.unlock();
    }
  }

  void slaveClosed() {
    lock.lock();
    try {
      slaveCount--;
    } finally {
      lock.unlock();
    }
    masterQueue.notify(Readiness.READABLE | Readiness.ALWAYS);
  }

  /**
   * Hangs the terminal up: its session loses it, and what programs do with it from now on fails.
   */
  public void hangUp() {
    Session owner;
    lock.lock();
    try {
      masterClosed = true;
      owner = session;
    } finally {
      lock.unlock();
    }
    if (owner != null) {
      owner.releaseTerminal();
    }
    slaveQueue.notify(Readiness.READABLE | Readiness.WRITABLE | Readiness.ALWAYS);
  }
}
