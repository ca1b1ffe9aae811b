package org.usermem.fs.console;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;
import org.usermem.block.BlockWriter;
import org.usermem.block.BlockWriters;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.AnonymousInode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.IoctlRequest;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.device.DeviceDriver;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.WaitQueue;
import org.usermem.fs.event.Waiter;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * A pair of host channels as a device: what a guest has as standard input and output when they are
 * no terminal, and the device behind /dev/console.
 *
 * <p>Input is read by a thread of its own, and only when a guest asks for it. Output goes from the
 * program's memory to the channel in the call; if the channel blocks, so does the task.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public final class Console implements DeviceDriver, AutoCloseable {

  private static final int FIONREAD = 0x541B;

  private final WaitQueue queue = new WaitQueue();
  private final @Nullable ConsoleInput input;
  private final @Nullable BlockWriter output;

  /**
   * Creates a console.
   *
   * @param in where input comes from; null for none: reads are at the end at once
   * @param out where output goes; null for none: writes fail with EIO
   */
  public Console(@Nullable ReadableByteChannel in, @Nullable WritableByteChannel out) {
    this.input = in == null ? null : new ConsoleInput(in, queue);
    this.output = out == null ? null : BlockWriters.to(out);
  }

  @Override
  public FileDescription open(long device, OpenRequest request) {
    return new Description(request);
  }

  /**
   * Makes a description that no path leads to, such as the standard streams of the first task.
   *
   * @param files where its inode lives
   * @param mode type and permissions that fstat(2) shows
   * @param displayName what /proc/PID/fd shows, such as {@code "/dev/console"}
   * @param flags flags of {@link OpenFlags}
   * @param credentials who has it
   */
  public FileDescription describe(
      AnonymousFiles files, int mode, String displayName, int flags, Credentials credentials) {
    AnonymousInode inode =
        new AnonymousInode(
            files.fileSystem(),
            files.newInodeNumber(),
            mode,
            credentials.userId(),
            credentials.groupId()) {
          @Override
          public FileDescription open(OpenRequest request) {
            return new Description(request);
          }
        };
    return new Description(new OpenRequest(files.place(inode, displayName), flags, credentials));
  }

  /** Stops reading input. */
  @Override
  public void close() {
    if (input != null) {
      input.close();
    }
  }

  private final class Description extends FileDescription {

    Description(OpenRequest request) {
      super(request);
    }

    @Override
    protected long onRead(Sink dst, TransferOptions options) {
      if (input == null || dst.isEmpty()) {
        return 0;
      }
      if (!input.isReady((int) Math.min(dst.numBytes(), Integer.MAX_VALUE))) {
        throw LinuxException.of(Errno.EAGAIN);
      }
      return dst.copyOutFrom(input);
    }

    @Override
    protected long onWrite(Source src, TransferOptions options) {
      if (output == null) {
        throw LinuxException.of(Errno.EIO);
      }
      return src.isEmpty() ? 0 : src.copyInTo(output);
    }

    @Override
    public boolean canWait() {
      return true;
    }

    @Override
    public int readiness(int interest) {
      int ready = Readiness.WRITABLE;
      if ((interest & Readiness.READABLE) != 0 && (input == null || input.isReady(1))) {
        ready |= Readiness.READABLE;
      }
      return ready & interest;
    }

    @Override
    public void register(Waiter waiter) {
      queue.register(waiter);
    }

    @Override
    public void unregister(Waiter waiter) {
      queue.unregister(waiter);
    }

    @Override
    public long ioctl(IoctlRequest request) {
      if (request.command() != FIONREAD) {
        return super.ioctl(request);
      }
      MemorySegment count = MemorySegment.ofArray(new byte[Integer.BYTES]);
      count.set(ValueLayout.JAVA_INT_UNALIGNED, 0, input == null ? 0 : input.available());
      request.output(Integer.BYTES).copyOutFully(count);
      return 0;
    }
  }
}
