package org.usermem.linux.procfs;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.io.IOOpts;
import org.usermem.kernel.MemoryUse;
import org.usermem.kernel.Task;
import org.usermem.linux.pseudo.PositionedDescription;
import org.usermem.linux.pseudo.PseudoFile;
import org.usermem.mm.MemoryManager;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** /proc/PID/mem: a task's memory by address, past its protections ({@code mem_rw}). */
final class MemoryFileOfTask extends PseudoFile {
  private static final int CHUNK = 64 << 10;

  private final Task task;

  MemoryFileOfTask(TaskDirectory directory, long number) {
    super(directory.proc(), number, 0600, directory.owner());
    this.task = directory.task();
  }

  @Override
  public FileDescription open(OpenRequest request) {
    Access.check(task);
    try (MemoryUse use = task.useMemory()) {
      return new Description(request, use.memory());
    }
  }

  /**
   * Shows the address space that the task had when the file was opened, for as long as somebody
   * uses it; then there is nothing any more.
   */
  private static final class Description extends PositionedDescription {
    private final MemoryManager memory;

    Description(OpenRequest request, MemoryManager memory) {
      super(request);
      this.memory = memory;
    }

    /** Positions are addresses. */
    @Override
    protected boolean hasUnsignedPositions() {
      return true;
    }

    @Override
    protected long onReadAt(Sink dst, long offset, TransferOptions options) {
      if (!memory.incUsers()) {
        return 0;
      }
      try {
        return copyOut(dst, offset);
      } finally {
        memory.decUsers();
      }
    }

    private long copyOut(Sink dst, long offset) {
      MemorySegment buffer = buffer(dst.numBytes());
      long done = 0;
      while (done < dst.numBytes()) {
        long wanted = Math.min(buffer.byteSize(), dst.numBytes() - done);
        try {
          long read = memory.copyIn(offset + done, buffer, 0, wanted, IOOpts.IGNORE_PERMISSIONS);
          long copied = dst.dropFirst(done).copyOut(buffer, 0, read);
          done += copied;
          if (copied < wanted) {
            break;
          }
        } catch (LinuxException e) {
          return doneOr(done, e);
        }
      }
      return done;
    }

    @Override
    protected long onWriteAt(Source src, long offset, TransferOptions options) {
      if (!memory.incUsers()) {
        return 0;
      }
      try {
        return copyIn(src, offset);
      } finally {
        memory.decUsers();
      }
    }

    private long copyIn(Source src, long offset) {
      MemorySegment buffer = buffer(src.numBytes());
      long done = 0;
      while (done < src.numBytes()) {
        long wanted = Math.min(buffer.byteSize(), src.numBytes() - done);
        try {
          long read = src.dropFirst(done).copyIn(buffer, 0, wanted);
          long copied = memory.copyOut(offset + done, buffer, 0, read, IOOpts.IGNORE_PERMISSIONS);
          done += copied;
          if (copied < wanted) {
            break;
          }
        } catch (LinuxException e) {
          return doneOr(done, e);
        }
      }
      return done;
    }

    private static MemorySegment buffer(long byteCount) {
      return MemorySegment.ofArray(new byte[(int) Math.min(byteCount, CHUNK)]);
    }

    /** An address that is not mapped reads as EIO here. */
    private static long doneOr(long done, LinuxException e) {
      if (done > 0) {
        return done;
      }
      throw e.errno() == Errno.EFAULT ? LinuxException.of(Errno.EIO) : e;
    }
  }
}
