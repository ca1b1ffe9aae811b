package org.usermem.platform.stub;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.SystemCall;

/**
 * How long a thread of the host wanted to run and had no processor, as {@code
 * /proc/PID/task/TID/schedstat} tells: nanoseconds on a processor, nanoseconds of waiting for one,
 * number of times that it got one.
 *
 * <p>Thread safety: none.
 */
final class RunDelay {

  /** What a thread waits that is woken by another of its processor, until that goes to sleep. */
  private static final long HAND_OVER_NANOS = 500;

  private static final int AT_FDCWD = -100;
  private static final int O_CLOEXEC = 0x8_0000;
  private static final int READ_OFFSET = 256;
  private static final int READ_BYTES = 128;

  private final byte[] path;
  private long waitedNanos;
  private long turns;
  private long newTurns;
  private boolean begun;

  /**
   * Starts to measure a thread.
   *
   * @param process the id of its process, or "self"
   */
  RunDelay(String process, int threadId) {
    this("/proc/" + process + "/task/" + threadId + "/schedstat");
  }

  private RunDelay(String path) {
    this.path = (path + '\0').getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns whether the host keeps this account. */
  static boolean isKnown() {
    RunDelay self = new RunDelay("/proc/thread-self/schedstat");
    return self.read() && self.turns > 0;
  }

  /**
   * Returns how many nanoseconds the thread waited since the last call, without what handing over
   * costs where both sides share a processor. 0 the first time, as the thread may have done
   * something else before, and if the thread has ended.
   */
  long sinceLast() {
    long waitedBefore = waitedNanos;
    long turnsBefore = turns;
    newTurns = 0;
    boolean first = !begun;
    begun = true;
    if (!read() || first) {
      return 0;
    }
    newTurns = turns - turnsBefore;
    return Math.max(0, waitedNanos - waitedBefore - newTurns * HAND_OVER_NANOS);
  }

  /** Returns how often the thread got a processor in the time that the last call looked at. */
  long turns() {
    return newTurns;
  }

  private boolean read() {
    HostCalls host = HostCalls.current();
    MemorySegment scratch = host.scratch();
    MemorySegment.copy(path, 0, scratch, ValueLayout.JAVA_BYTE, 0, path.length);
    long file = host.quick(SystemCall.OPENAT, AT_FDCWD, scratch.address(), O_CLOEXEC);
    if (file < 0) {
      return false;
    }
    MemorySegment text = scratch.asSlice(READ_OFFSET, READ_BYTES);
    long byteCount = host.quick(SystemCall.READ, file, text.address(), READ_BYTES);
    host.quick(SystemCall.CLOSE, file, 0, 0);
    return parse(text, byteCount);
  }

  private boolean parse(MemorySegment text, long byteCount) {
    long[] numbers = new long[3];
    int index = 0;
    for (long position = 0; position < byteCount && index < numbers.length; position++) {
      byte character = text.get(ValueLayout.JAVA_BYTE, position);
      if (character >= '0' && character <= '9') {
        numbers[index] = numbers[index] * 10 + (character - '0');
      } else {
        index++;
      }
    }
    waitedNanos = numbers[1];
    turns = numbers[2];
    return index == numbers.length;
  }
}
