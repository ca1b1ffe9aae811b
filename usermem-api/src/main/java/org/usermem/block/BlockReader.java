package org.usermem.block;

/**
 * Where bytes come from: a file, a pipe, a device, a channel. The streaming side of read(2).
 *
 * <p>The blocks are a loan. They are the program's own pages, bound to a confined arena that is
 * closed when the call returns, so an implementation that keeps one, or hands it to another thread,
 * gets an {@link IllegalStateException} from it later. (Blocks over Java arrays can't be bound so;
 * whoever keeps one still breaks this contract.)
 *
 * <p>Source: {@code safemem.Reader} of gVisor.
 */
@FunctionalInterface
public interface BlockReader {

  /**
   * Reads up to {@code dst.numBytes()} bytes into blocks.
   *
   * <p>May move less than it is asked for, as read(2) may. It must not call back into the memory of
   * the program the blocks belong to.
   *
   * @param dst blocks to fill from their start; writable; not kept
   * @return the number of bytes read; 0 means end of file, or that {@code dst} is empty
   * @throws org.usermem.errno.LinuxException if there is an error and nothing was read; an
   *     implementation that meets an error after some bytes returns their number
   */
  long readToBlocks(BlockSeq dst);
}
