package org.usermem.fs.pipe;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.SpecialFile;
import org.usermem.memmap.MemoryFile;

/** Opens FIFOs, as fifo(7). */
public final class NamedPipes {

  private final MemoryFile memoryFile;

  /**
   * Creates an opener.
   *
   * @param memoryFile where the bytes in pipes are kept
   */
  public NamedPipes(MemoryFile memoryFile) {
    this.memoryFile = memoryFile;
  }

  /**
   * Opens a FIFO. Does not wait for the other side: {@link FileDescription#isOpenComplete()} says
   * whether the caller has to.
   *
   * @throws LinuxException ENXIO for an open for writing with O_NONBLOCK that nobody reads from
   */
  public FileDescription open(SpecialFile fifo, OpenRequest request) {
    // Excludes the end of the last user, after which the next one starts with a new buffer.
    synchronized (fifo) {
      PipeBuffer buffer = fifo.endpoint(PipeBuffer.class, () -> new PipeBuffer(memoryFile));
      boolean writesOnly = OpenFlags.writes(request.flags()) && !OpenFlags.reads(request.flags());
      if (writesOnly && buffer.readers() == 0 && (request.flags() & OpenFlags.NON_BLOCKING) != 0) {
        throw LinuxException.of(Errno.ENXIO);
      }
      return new PipeDescription(buffer, fifo, request);
    }
  }
}
