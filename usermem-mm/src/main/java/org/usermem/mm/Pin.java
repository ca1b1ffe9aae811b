package org.usermem.mm;

import java.lang.foreign.Arena;
import org.usermem.block.BlockSeq;
import org.usermem.mm.epoch.Loan;

/**
 * Pages that are kept for I/O that outlives a call, as {@code pin_user_pages} of Linux keeps them:
 * whatever the program does to its mappings, they are not freed, and a fork leaves them to the one
 * that pinned them. They stop being the program's if it unmaps them.
 *
 * <p>To be closed by one thread, once.
 */
public final class Pin implements AutoCloseable {

  private final UserBlocks blocks;
  private final Loan loan;
  private final long byteCount;
  private final boolean readOnly;

  Pin(UserBlocks blocks, Loan loan, long byteCount, boolean readOnly) {
    this.blocks = blocks;
    this.loan = loan;
    this.byteCount = byteCount;
    this.readOnly = readOnly;
  }

  /** Returns the number of bytes that are pinned. */
  public long byteCount() {
    return byteCount;
  }

  /**
   * Returns the bytes.
   *
   * @param arena ends the blocks; to be closed before the pin is
   */
  public BlockSeq blocks(Arena arena) {
    return blocks.blocks(arena, loan, readOnly);
  }

  @Override
  public void close() {
    loan.close();
  }
}
