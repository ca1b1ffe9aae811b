package org.usermem.block;

/**
 * Where bytes go to: a file, a pipe, a device, a channel. The streaming side of write(2).
 *
 * <p>The blocks are a loan. They are the program's own pages, bound to a confined arena that is
 * closed when the call returns, so an implementation that keeps one, or hands it to another thread,
 * gets an {@link IllegalStateException} from it later. (Blocks over Java arrays can't be bound so;
 * whoever keeps one still breaks this contract.) The program may change the bytes while they are
 * read: what must stay the same between a check and a use has to be copied first.
 *
 * <p>Source: {@code safemem.Writer} of gVisor.
 */
@FunctionalInterface
public interface BlockWriter {

  /**
   * Writes up to {@code src.numBytes()} bytes from blocks.
   *
   * <p>May move less than it is asked for, as write(2) may. It must not call back into the memory
   * of the program the blocks belong to.
   *
   * @param src blocks to take from their start; read-only; not kept
   * @return the number of bytes written; 0 means that nothing more can be, or that {@code src} is
   *     empty
   * @throws org.usermem.errno.LinuxException if there is an error and nothing was written; an
   *     implementation that meets an error after some bytes returns their number
   */
  long writeFromBlocks(BlockSeq src);
}
