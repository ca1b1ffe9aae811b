package org.usermem.fs.pipe;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.Addr;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriter;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.IoctlRequest;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.SpecialFile;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.access.Capability;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** An end of a pipe, or a description of a FIFO: for reading, for writing, or both. */
public final class PipeDescription extends FileDescription {

  private static final int FIONREAD = 0x541B;

  private final PipeBuffer buffer;
  private final boolean reads;
  private final boolean writes;

  // The FIFO whose buffer this is; null for an end of pipe(2).
  private final @Nullable SpecialFile fifo;

  private final int readerOpensBefore;
  private final int writerOpensBefore;
  private volatile boolean openComplete;

  // Transfers that are not in progress: an end that one task uses makes only one.
  private final AtomicReference<@Nullable Transfer> idleTransfer = new AtomicReference<>();

  PipeDescription(PipeBuffer buffer, @Nullable SpecialFile fifo, OpenRequest request) {
    super(request);
    this.buffer = buffer;
    this.fifo = fifo;
    this.reads = OpenFlags.reads(request.flags());
    this.writes = OpenFlags.writes(request.flags());
    this.readerOpensBefore = buffer.readerOpens();
    // An end of pipe(2) counts from the beginning, so that it sees a writer that has gone.
    this.writerOpensBefore = fifo == null || buffer.writers() > 0 ? -1 : buffer.writerOpens();
    this.openComplete =
        fifo == null || (reads && writes) || (reads ? buffer.writers() : buffer.readers()) > 0;
    buffer.add(reads, writes);
  }

  PipeBuffer buffer() {
    return buffer;
  }

  @Override
  protected void onRelease() {
    if (fifo == null) {
      buffer.remove(reads, writes);
      return;
    }
    // Excludes an open that has found this buffer but not yet added itself.
    synchronized (fifo) {
      if (buffer.remove(reads, writes)) {
        fifo.dropEndpoint(buffer);
      }
    }
  }

  @Override
  public boolean isOpenComplete() {
    if (!openComplete) {
      openComplete =
          reads
              ? buffer.writerOpens() != writerOpensBefore
              : buffer.readerOpens() != readerOpensBefore;
    }
    return openComplete;
  }

  @Override
  protected long onRead(Sink dst, TransferOptions options) {
    if (dst.isEmpty() || !buffer.requireBytes()) {
      return 0;
    }
    Transfer transfer = takeTransfer(dst.numBytes());
    long moved = dst.copyOutFrom(transfer);
    idleTransfer.setRelease(transfer);
    return moved;
  }

  @Override
  protected long onWrite(Source src, TransferOptions options) {
    if (src.isEmpty()) {
      return 0;
    }
    buffer.requireRoom(src.numBytes());
    Transfer transfer = takeTransfer(src.numBytes());
    long moved = src.copyInTo(transfer);
    idleTransfer.setRelease(transfer);
    return moved;
  }

  private Transfer takeTransfer(long wanted) {
    Transfer transfer = idleTransfer.getAndSet(null);
    if (transfer == null) {
      transfer = new Transfer();
    }
    transfer.wanted = wanted;
    return transfer;
  }

  /** A read or write in progress; it knows how much was asked for, whatever memory there is. */
  private final class Transfer implements BlockReader, BlockWriter {
    private long wanted;

    @Override
    public long readToBlocks(BlockSeq dst) {
      return buffer.read(dst, wanted);
    }

    @Override
    public long writeFromBlocks(BlockSeq src) {
      return buffer.write(src, wanted, has(OpenFlags.DIRECT));
    }
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
    return buffer.readiness(reads, writes, writerOpensBefore) & (interest | Readiness.ALWAYS);
  }

  @Override
  public void register(Waiter waiter) {
    buffer.queue.register(waiter);
  }

  @Override
  public void unregister(Waiter waiter) {
    buffer.queue.unregister(waiter);
  }

  @Override
  public long ioctl(IoctlRequest request) {
    if (request.command() != FIONREAD) {
      return super.ioctl(request);
    }
    MemorySegment count = MemorySegment.ofArray(new byte[Integer.BYTES]);
    count.set(ValueLayout.JAVA_INT_UNALIGNED, 0, buffer.usedBytes());
    request.output(Integer.BYTES).copyOutFully(count);
    return 0;
  }

  /** Returns the capacity in bytes, as fcntl(F_GETPIPE_SZ). */
  public int capacity() {
    return buffer.capacity();
  }

  /**
   * Changes the capacity, as fcntl(F_SETPIPE_SZ).
   *
   * @param byteCount the least that is wanted; rounded up to a power of two of pages
   * @param credentials who asks
   * @return the new capacity
   * @throws LinuxException EINVAL if it is too large; EPERM above 1 MiB without CAP_SYS_RESOURCE;
   *     EBUSY if there are more bytes in the pipe
   */
  public int setCapacity(long byteCount, Credentials credentials) {
    if (byteCount < 0 || byteCount > PipeBuffer.CAPACITY_LIMIT) {
      throw LinuxException.of(Errno.EINVAL);
    }
    int capacity = (int) Long.highestOneBit(Math.max(byteCount, Addr.PAGE_SIZE) * 2 - 1);
    if (capacity > PipeBuffer.UNPRIVILEGED_CAPACITY
        && capacity > buffer.capacity()
        && !credentials.has(Capability.SYS_RESOURCE)) {
      throw LinuxException.of(Errno.EPERM);
    }
    buffer.setCapacity(capacity);
    return capacity;
  }
}
