package org.usermem.mm.epoch;

/**
 * The copies that were under way at one moment. Confined to one thread at a time.
 *
 * <p>A slot's sequence number grows by each entry and each exit, so a slot that is busy again is
 * not taken for one that is still busy.
 */
public final class Grace {

  private final Epochs epochs;

  /** Pairs of slot and sequence number. */
  private final long[] inside;

  private int length;

  Grace(Epochs epochs, long[] inside, int length) {
    this.epochs = epochs;
    this.inside = inside;
    this.length = length;
  }

  /** Returns whether all of them have ended; what they did then happens before this returns. */
  public boolean isOver() {
    while (length > 0) {
      if (epochs.isStillIn((int) inside[length - 2], inside[length - 1])) {
        return false;
      }
      length -= 2;
    }
    return true;
  }
}
