package org.usermem.linux.pseudo;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.Whence;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * A description with a position but without a size: what is read and written at an offset is the
 * business of subclasses.
 */
public abstract class PositionedDescription extends FileDescription {

  /** Guarded by this object, which is held during a whole read or write at the position. */
  private long position;

  /** Creates a description that stands at 0. */
  protected PositionedDescription(OpenRequest request) {
    super(request);
  }

  /** Copies out the rest of a text from an offset on, and returns how much of it. */
  protected static long copyOut(byte[] text, Sink dst, long offset) {
    long count = Math.min(dst.numBytes(), text.length - offset);
    return count <= 0 ? 0 : dst.copyOut(MemorySegment.ofArray(text), offset, count);
  }

  /** Returns whether a negative position is one, as with FMODE_UNSIGNED_OFFSET of Linux. */
  protected boolean hasUnsignedPositions() {
    return false;
  }

  @Override
  public final boolean hasPositions() {
    return true;
  }

  @Override
  protected final synchronized long onRead(Sink dst, TransferOptions options) {
    long count = onReadAt(dst, position, options);
    position += count;
    return count;
  }

  @Override
  protected long onWrite(Source src, TransferOptions options) {
    synchronized (this) {
      long count = onWriteAt(src, position, options);
      position += count;
      return count;
    }
  }

  @Override
  public final synchronized long seek(long offset, Whence whence) {
    long target =
        switch (whence) {
          case SET -> offset;
          case CURRENT -> position + offset;
          case END, DATA, HOLE -> throw LinuxException.of(Errno.EINVAL);
        };
    if (target < 0 && !hasUnsignedPositions()) {
      throw LinuxException.of(Errno.EINVAL);
    }
    position = target;
    return target;
  }

  @Override
  public final synchronized long position() {
    return position;
  }
}
