package org.usermem.mm.epoch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.usermem.platform.memory.CopyBarrier;

/**
 * The copies that are under way in one address space, so that whoever changes what an address means
 * can tell when the copies that may have seen the old meaning are over.
 *
 * <p>A copy is inside an epoch from {@link #enter} to {@link #exit}. It must not block, take a lock
 * or call code of others there. Entering claims one of a fixed set of slots by a compare-and-set of
 * its sequence number from even to odd, leaving makes it even again; a slot belongs to no thread,
 * so that threads need no registration and entries nest.
 *
 * <p><b>Why no copy is missed.</b> A reader does R1: compare-and-set of its slot, then R2: volatile
 * read of a table entry. A writer does W1: store of the new table entry, W2: full fence, W3:
 * volatile read of all slots ({@link #grace}). R1 and R2 are synchronization actions and so is W3,
 * with W2 between W1 and W3: it can't be that R2 misses W1 and W3 misses R1 (the store-buffering
 * shape). So either the reader sees the new entry, or the writer sees the reader and waits for it.
 *
 * <p>A slot has room for two sums beside its sequence number. Whoever is in the slot owns them, so
 * they are added to without an atomic instruction, in a cache line that is written anyway.
 *
 * <p><b>Why nothing of a copy comes late.</b> {@link #exit} is a release store that the writer's
 * scan reads with acquire semantics, so every access of the copy happens before whatever the writer
 * does once {@link Grace#isOver} has said yes.
 */
public final class Epochs implements CopyBarrier {

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

  /** Two cache lines a slot: adjacent lines are fetched in pairs. */
  private static final int STRIDE_SHIFT = 4;

  /** Words of a slot behind its sequence number: its sums, and what they began at. */
  private static final int SUMS = 1;

  private static final int STARTS = 3;

  private static final int SPINS_BEFORE_YIELD = 64;

  private final long[] slots;
  private final int mask;

  /**
   * Makes a set of slots that no copy is in.
   *
   * @param concurrency how many threads are expected to copy at one time; more are served, slower
   */
  public Epochs(int concurrency) {
    int count = Math.clamp(Integer.highestOneBit(Math.max(concurrency, 1)) * 2L, 8, 256);
    this.mask = count - 1;
    // One stride before the first slot keeps it off the line of the array's header.
    this.slots = new long[(count + 1) << STRIDE_SHIFT];
  }

  /**
   * Enters an epoch.
   *
   * @return what to give to {@link #exit}
   */
  public int enter() {
    int slot = position(home());
    return tryEnter(slot) ? slot : enterSlow();
  }

  private int enterSlow() {
    int home = home();
    for (int spins = 0; ; spins++) {
      for (int probe = 0; probe <= mask; probe++) {
        int slot = position((home + probe) & mask);
        if (tryEnter(slot)) {
          return slot;
        }
      }
      pause(spins);
    }
  }

  private boolean tryEnter(int slot) {
    long sequence = (long) SLOT.getOpaque(slots, slot);
    return (sequence & 1) == 0 && SLOT.compareAndSet(slots, slot, sequence, sequence + 1);
  }

  /** Returns how many epochs there can be at one time. */
  public int slotCount() {
    return mask + 1;
  }

  /**
   * Returns the number of a slot that the caller is in: nobody else is in the one with that number
   * until the caller leaves it, and sees then what the caller did before.
   *
   * @param slot what {@link #enter} returned
   * @return from 0 to {@code slotCount() - 1}
   */
  public int index(int slot) {
    return (slot >> STRIDE_SHIFT) - 1;
  }

  /**
   * Leaves an epoch.
   *
   * @param slot what {@link #enter} returned
   */
  public void exit(int slot) {
    // Only whoever is inside writes an odd slot, so its own plain read is enough.
    SLOT.setRelease(slots, slot, slots[slot] + 1);
  }

  /**
   * Adds to a sum of a slot that the caller is in.
   *
   * @param slot what {@link #enter} returned
   * @param sum which sum, 0 or 1
   * @param amount what is added
   * @return whether the slot's sum has reached what {@link #take} was told to wait for; true at
   *     first
   */
  public boolean add(int slot, int sum, long amount) {
    // A sum begins below zero, so that this takes no look at a limit.
    return (slots[slot + SUMS + sum] += amount) >= 0;
  }

  /**
   * Takes what was added in all slots. Slots that a copy is in are left for the next time.
   *
   * @param sum which sum, 0 or 1
   * @param next how much may be added to a slot before it is time to take it again
   */
  public long take(int sum, long next) {
    long taken = 0;
    for (int index = 0; index <= mask; index++) {
      int slot = position(index);
      if (slots[slot + SUMS + sum] != slots[slot + STARTS + sum] && tryEnter(slot)) {
        taken += slots[slot + SUMS + sum] - slots[slot + STARTS + sum];
        slots[slot + STARTS + sum] = -next;
        slots[slot + SUMS + sum] = -next;
        exit(slot);
      }
    }
    return taken;
  }

  private int home() {
    // Fibonacci hashing: threads that were started one after the other get slots apart.
    return (int) ((Thread.currentThread().threadId() * 0x9E3779B97F4A7C15L) >>> 40) & mask;
  }

  private static int position(int index) {
    return (index + 1) << STRIDE_SHIFT;
  }

  /**
   * Orders what the caller has stored before a look at who is copying.
   *
   * @return the copies that may not have seen it, or null if there are none
   */
  public @Nullable Grace grace() {
    VarHandle.fullFence();
    long[] inside = null;
    int found = 0;
    for (int index = 0; index <= mask; index++) {
      int slot = position(index);
      long sequence = (long) SLOT.getVolatile(slots, slot);
      if ((sequence & 1) != 0) {
        if (inside == null) {
          inside = new long[2 * (mask + 1)];
        }
        inside[found++] = slot;
        inside[found++] = sequence;
      }
    }
    return inside == null ? null : new Grace(this, inside, found);
  }

  /**
   * Orders what the caller has stored before its return, and waits until every copy that may not
   * have seen it is over. Must not be called inside an epoch.
   */
  @Override
  public void await() {
    Grace grace = grace();
    for (int spins = 0; grace != null && !grace.isOver(); spins++) {
      pause(spins);
    }
  }

  boolean isStillIn(int slot, long sequence) {
    return (long) SLOT.getVolatile(slots, slot) == sequence;
  }

  @SuppressWarnings("ThreadPriorityCheck") // Whoever is awaited may need this processor.
  private static void pause(int spins) {
    if (spins < SPINS_BEFORE_YIELD) {
      Thread.onSpinWait();
    } else {
      Thread.yield();
    }
  }
}
