package org.usermem.linux.pseudo;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.event.Changes;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * A file whose text is made when it is read from its start, one char a byte; perhaps one that can
 * be written to (fs/seq_file.c).
 */
public class TextFile extends PseudoFile {
  /** Takes what was written to a file. */
  @FunctionalInterface
  public interface Writer {
    /**
     * Takes the text of one write.
     *
     * @throws LinuxException what write(2) is to return
     */
    void write(String text);
  }

  private static final int MAXIMUM_WRITE = 4096;

  private final Supplier<String> text;
  private final @Nullable Writer writer;

  /** Makes a file. */
  public TextFile(
      PseudoFileSystem fileSystem,
      long number,
      int permissions,
      PseudoOwner owner,
      Supplier<String> text,
      @Nullable Writer writer) {
    super(fileSystem, number, permissions, owner);
    this.text = text;
    this.writer = writer;
  }

  @Override
  public FileDescription open(OpenRequest request) {
    return new Description(request);
  }

  /**
   * Returns what changes the text, for programs that wait for it; null if they can't.
   *
   * @return asked when the file is opened
   */
  protected @Nullable Changes changes() {
    return null;
  }

  private final class Description extends PositionedDescription {
    private final @Nullable Changes changes = changes();
    private final AtomicInteger seen = new AtomicInteger(changes == null ? 0 : changes.count());

    // Guarded by this object. The text stays the same while it is read on.
    private byte @Nullable [] content;

    Description(OpenRequest request) {
      super(request);
    }

    @Override
    protected synchronized long onReadAt(Sink dst, long offset, TransferOptions options) {
      byte[] bytes = content;
      if (bytes == null || offset == 0) {
        bytes = text.get().getBytes(StandardCharsets.ISO_8859_1);
        content = bytes;
      }
      return copyOut(bytes, dst, offset);
    }

    @Override
    protected long onWrite(Source src, TransferOptions options) {
      if (writer == null) {
        throw LinuxException.of(Errno.EIO);
      }
      byte[] bytes = new byte[(int) Math.min(src.numBytes(), MAXIMUM_WRITE)];
      long count = src.copyIn(MemorySegment.ofArray(bytes), 0, bytes.length);
      writer.write(new String(bytes, 0, (int) count, StandardCharsets.ISO_8859_1));
      return count;
    }

    @Override
    protected long onWriteAt(Source src, long offset, TransferOptions options) {
      return onWrite(src, options);
    }

    @Override
    public boolean canWait() {
      return changes != null;
    }

    /** Follows {@code proc_sys_poll}: a change is told of once. */
    @Override
    public int readiness(int interest) {
      int now = changes == null ? 0 : changes.count();
      return seen.getAndSet(now) == now
          ? (Readiness.READABLE | Readiness.WRITABLE) & interest
          : ((Readiness.READABLE | Readiness.PRIORITY) & interest) | Readiness.ERROR;
    }

    @Override
    public void register(Waiter waiter) {
      if (changes != null) {
        changes.queue().register(waiter);
      }
    }

    @Override
    public void unregister(Waiter waiter) {
      if (changes != null) {
        changes.queue().unregister(waiter);
      }
    }

    @Override
    public void truncate(long byteSize, TransferOptions options) {
      if (writer == null) {
        super.truncate(byteSize, options);
      }
    }
  }
}
