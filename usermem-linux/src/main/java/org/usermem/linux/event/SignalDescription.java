package org.usermem.linux.event;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalPayload;
import org.usermem.sequence.Sink;

/** Signals as a file: whoever reads takes his own pending ones of a set (fs/signalfd.c). */
final class SignalDescription extends EventDescriptionBase {
  private static final int INFO_BYTE_COUNT = 128;

  /** Whose signals wake whoever waits. */
  private final ThreadGroup owner;

  private volatile long mask;

  SignalDescription(
      AnonymousFiles files, ThreadGroup owner, long mask, int flags, Credentials credentials) {
    super(files, "signalfd", flags, credentials);
    this.owner = owner;
    this.mask = mask;
  }

  void setMask(long newMask) {
    mask = newMask;
    owner.signalQueue().notify(Readiness.READABLE);
  }

  @Override
  protected long onRead(Sink dst, TransferOptions options) {
    Task task = Task.current();
    if (task == null || dst.numBytes() < INFO_BYTE_COUNT) {
      throw LinuxException.of(Errno.EINVAL);
    }
    MemorySegment info = MemorySegment.ofArray(new byte[INFO_BYTE_COUNT]);
    long done = 0;
    while (dst.numBytes() - done >= INFO_BYTE_COUNT) {
      SignalInfo taken = task.signals().take(mask);
      if (taken == null) {
        break;
      }
      encode(taken, info);
      done += dst.dropFirst(done).copyOut(info, 0, INFO_BYTE_COUNT);
    }
    if (done == 0) {
      throw LinuxException.of(Errno.EAGAIN);
    }
    return done;
  }

  /** Writes {@code struct signalfd_siginfo}. */
  private static void encode(SignalInfo info, MemorySegment dst) {
    dst.fill((byte) 0);
    dst.set(JAVA_INT_UNALIGNED, 0, info.signo());
    dst.set(JAVA_INT_UNALIGNED, 4, info.errno());
    dst.set(JAVA_INT_UNALIGNED, 8, info.code());
    switch (info.payload()) {
      case SignalPayload.Sender(int pid, int uid) -> putSender(dst, pid, uid);
      case SignalPayload.Value(int pid, int uid, long value) -> {
        putSender(dst, pid, uid);
        putValue(dst, value);
      }
      case SignalPayload.Timer(int id, int overrun, long value) -> {
        dst.set(JAVA_INT_UNALIGNED, 24, id);
        dst.set(JAVA_INT_UNALIGNED, 32, overrun);
        putValue(dst, value);
      }
      case SignalPayload.Child(int pid, int uid, int status, long user, long system) -> {
        putSender(dst, pid, uid);
        dst.set(JAVA_INT_UNALIGNED, 40, status);
        dst.set(JAVA_LONG_UNALIGNED, 56, user);
        dst.set(JAVA_LONG_UNALIGNED, 64, system);
      }
      case SignalPayload.Fault(long addr) -> dst.set(JAVA_LONG_UNALIGNED, 72, addr);
      case SignalPayload.Band(long band, int fd) -> {
        dst.set(JAVA_INT_UNALIGNED, 20, fd);
        dst.set(JAVA_INT_UNALIGNED, 28, (int) band);
      }
      case SignalPayload.Raw raw -> {
        MemorySegment bytes = MemorySegment.ofArray(raw.bytes());
        putSender(dst, bytes.get(JAVA_INT_UNALIGNED, 0), bytes.get(JAVA_INT_UNALIGNED, 4));
        putValue(dst, bytes.get(JAVA_LONG_UNALIGNED, 8));
      }
      default -> {}
    }
  }

  private static void putSender(MemorySegment dst, int pid, int uid) {
    dst.set(JAVA_INT_UNALIGNED, 12, pid);
    dst.set(JAVA_INT_UNALIGNED, 16, uid);
  }

  private static void putValue(MemorySegment dst, long value) {
    dst.set(JAVA_INT_UNALIGNED, 44, (int) value);
    dst.set(JAVA_LONG_UNALIGNED, 48, value);
  }

  @Override
  public int readiness(int interest) {
    Task task = Task.current();
    long pending = task == null ? owner.pendingSet() : task.signals().pendingSet();
    return (pending & mask) != 0 ? Readiness.READABLE & interest : 0;
  }

  @Override
  public void register(Waiter waiter) {
    owner.signalQueue().register(waiter);
  }

  @Override
  public void unregister(Waiter waiter) {
    owner.signalQueue().unregister(waiter);
  }
}
