package org.usermem.linux.socket;

import org.usermem.fs.TransferOptions;
import org.usermem.fs.event.Waiter;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** One direction of a pair of sockets. It has one end to read and one to write. Thread-safe. */
sealed interface Lane permits ByteLane, MessageLane {

  /** Reads as {@link org.usermem.fs.FileDescription#read}. */
  long read(Sink dst, TransferOptions options);

  /** Writes as {@link org.usermem.fs.FileDescription#write}. */
  long write(Source src, TransferOptions options);

  /** Returns whether a read would not wait, as bits of {@link org.usermem.fs.event.Readiness}. */
  int readable();

  /** Returns whether a write would not wait, as bits of {@link org.usermem.fs.event.Readiness}. */
  int writable();

  /** Has somebody told of what changes for readers. */
  void openReader(Waiter waiter);

  /** Gives up the end to read, and who is told. */
  void closeReader(Waiter waiter);

  /** Has somebody told of what changes for writers. */
  void openWriter(Waiter waiter);

  /** Gives up the end to write, and who is told. */
  void closeWriter(Waiter waiter);
}
