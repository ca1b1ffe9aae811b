package org.usermem.platform.stub;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.SystemCall;

/**
 * The processors that the host lets this process use, and the one of them that is home to the
 * threads of a platform.
 *
 * <p>Where a thread runs decides how fast it is and nothing else: what the host refuses is not an
 * error.
 *
 * <p>Thread safety: every method from any thread.
 */
public final class Processors {

  /** Number of bytes of a set of processors: as many as the C library's {@code cpu_set_t} has. */
  private static final int SET_BYTES = 128;

  private static final long WORD_BYTES = Long.BYTES;

  private final MemorySegment all;
  private final int home;
  private final boolean several;

  private Processors(MemorySegment all, int home, boolean several) {
    this.all = all;
    this.home = home;
    this.several = several;
  }

  /** Finds what the process may use; home is where the calling thread runs. */
  public static Processors find() {
    // The first thread of a JVM only waits for the others, so nobody has bound it.
    int firstThread = (int) ProcessHandle.current().pid();
    MemorySegment all = Arena.ofAuto().allocate(SET_BYTES, WORD_BYTES);
    long byteCount =
        HostCalls.current()
            .quick(SystemCall.SCHED_GETAFFINITY, firstThread, SET_BYTES, all.address());
    int count = 0;
    for (long offset = 0; offset < byteCount; offset += WORD_BYTES) {
      count += Long.bitCount(all.get(ValueLayout.JAVA_LONG, offset));
    }
    // Without the host's account of waiting, a thread that waits too long would never move.
    boolean several = count > 1 && RunDelay.isKnown();
    return new Processors(all, current(), several);
  }

  /** Leaves every thread where the host's scheduler puts it. */
  static Processors unbound() {
    return new Processors(Arena.ofAuto().allocate(SET_BYTES, WORD_BYTES), 0, false);
  }

  /** Returns whether there is a choice, and what it takes to choose. */
  boolean areSeveral() {
    return several;
  }

  /** Returns the processor that is home. */
  int home() {
    return home;
  }

  /** Returns the processor after another one, and the first one after the last. */
  int after(int processor) {
    int next = processor;
    do {
      next = (next + 1) % (SET_BYTES * Byte.SIZE);
    } while (next != processor && !contains(next));
    return next;
  }

  private boolean contains(int processor) {
    long word = all.get(ValueLayout.JAVA_LONG, processor / Long.SIZE * WORD_BYTES);
    return (word >>> processor % Long.SIZE & 1) != 0;
  }

  /** Returns the processor that the calling thread runs on. */
  static int current() {
    HostCalls host = HostCalls.current();
    MemorySegment processor = host.scratch();
    host.quick(SystemCall.GETCPU, processor.address(), 0, 0);
    return processor.get(ValueLayout.JAVA_INT, 0);
  }

  /**
   * Binds a thread to a processor.
   *
   * @param threadId the thread; 0 for the calling one
   */
  void bind(int threadId, int processor) {
    HostCalls host = HostCalls.current();
    MemorySegment one = host.scratch().asSlice(0, SET_BYTES);
    one.fill((byte) 0);
    long word = processor / Long.SIZE * WORD_BYTES;
    one.set(ValueLayout.JAVA_LONG, word, 1L << processor % Long.SIZE);
    host.quick(SystemCall.SCHED_SETAFFINITY, threadId, SET_BYTES, one.address());
  }

  /**
   * Lets a thread run on every processor that this process may use.
   *
   * @param threadId the thread; 0 for the calling one
   */
  void free(int threadId) {
    HostCalls.current().quick(SystemCall.SCHED_SETAFFINITY, threadId, SET_BYTES, all.address());
  }

  /** Binds the calling thread to the home processor, if there is a choice. */
  public void bindHome() {
    if (several) {
      bind(0, home);
    }
  }
}
