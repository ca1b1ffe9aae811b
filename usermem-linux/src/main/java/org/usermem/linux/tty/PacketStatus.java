package org.usermem.linux.tty;

/** What a master in packet mode is told between data (ioctl_tty(2), TIOCPKT). Not thread-safe. */
final class PacketStatus {
  private static final int FLUSH_READ = 1;
  private static final int FLUSH_WRITE = 2;
  private static final int STOP = 4;
  private static final int START = 8;

  private int status;

  boolean isEmpty() {
    return status == 0;
  }

  /** Notes that a program has dropped what was typed, or what was not shown yet. */
  void flushed(boolean input, boolean output) {
    status |= (input ? FLUSH_READ : 0) | (output ? FLUSH_WRITE : 0);
  }

  /** Notes that output was stopped or goes on: the later of the two counts. */
  void stopped(boolean isStopped) {
    status = isStopped ? (status & ~START) | STOP : (status & ~STOP) | START;
  }

  /** Returns the status and forgets it. */
  byte take() {
    byte taken = (byte) status;
    status = 0;
    return taken;
  }
}
