package org.usermem.memmap;

import org.usermem.block.BlockReader;

/**
 * A reader that has the memory file itself, so that it can be told where the bytes go: views that
 * end with the call need not be made for it.
 *
 * <p>Who lends memory of {@link #memoryFile} calls {@link #readToRanges}, anybody else {@link
 * #readToBlocks}. Both keep to the same contract; whoever uses the memory file after the call does
 * so by its own rules.
 */
public interface RangeReader extends BlockReader {

  /** Returns the memory file that this reader has. */
  MemoryFile memoryFile();

  /**
   * Reads into ranges of the memory file as {@link #readToBlocks} does into blocks.
   *
   * @param dst the ranges; not kept
   * @return the number of bytes read; 0 means end of file
   */
  long readToRanges(LentRanges dst);
}
