package org.usermem.platform.memory;

import org.jspecify.annotations.Nullable;
import org.usermem.memmap.MemoryKind;

/**
 * A run of pages of a memory file that are all in the same state.
 *
 * <p>It is a node of the {@link ExtentTree} and of the list of extents in the order of their
 * offsets; the links belong to the tree.
 */
final class Extent {

  long start;
  long end;
  ExtentState state;

  /** Number of references on each page; 0 unless the state is USED. */
  int references;

  /** What the pages are for; null unless the state is USED. */
  @Nullable MemoryKind kind;

  @Nullable Extent parent;
  @Nullable Extent left;
  @Nullable Extent right;
  @Nullable Extent previous;
  @Nullable Extent next;
  int priority;

  /** The greatest length of a CLEAN extent in the subtree. */
  long longestClean;

  /** The greatest length of a DIRTY extent in the subtree. */
  long longestDirty;

  Extent(long start, long end, ExtentState state) {
    this.start = start;
    this.end = end;
    this.state = state;
  }

  long byteCount() {
    return end - start;
  }

  /**
   * Returns whether the two may become one; each extent that is being cleaned has its own cleaner.
   */
  boolean isLikeNeighbour(Extent other) {
    return state != ExtentState.CLEANING
        && state == other.state
        && references == other.references
        && kind == other.kind;
  }

  void copyStateFrom(Extent other) {
    state = other.state;
    references = other.references;
    kind = other.kind;
  }

  void use(MemoryKind newKind) {
    state = ExtentState.USED;
    references = 1;
    kind = newKind;
  }

  void release(ExtentState newState) {
    state = newState;
    references = 0;
    kind = null;
  }

  @Override
  public String toString() {
    return String.format("[%#x, %#x) %s %d %s", start, end, state, references, kind);
  }
}
