package org.usermem.platform.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * System calls of the host, made by one Java thread.
 *
 * <p>Results follow the kernel's convention: a negative result is an errno with its sign changed.
 * The object holds the memory that errno is captured in, so it belongs to a thread; get it from
 * {@link #current()}, and keep it where calls are frequent.
 */
public final class HostCalls {

  /** Number of bytes of {@link #scratch()}. */
  public static final long SCRATCH_BYTE_COUNT = 4096;

  private static final ThreadLocal<HostCalls> CURRENT = ThreadLocal.withInitial(HostCalls::new);

  private final MemorySegment capture;
  private final MemorySegment scratch;

  private HostCalls() {
    // The arena lives as long as this object, which lives as long as its thread.
    Arena arena = Arena.ofAuto();
    capture = arena.allocate(ValueLayout.JAVA_LONG, 8);
    scratch = arena.allocate(SCRATCH_BYTE_COUNT, 64);
  }

  /** Links the calls on a thread of its own, beside what the caller does. */
  public static void prepare() {
    // Segments and layouts, which both threads go on with, are initialised by this one: so neither
    // is in the middle of a class that the other needs.
    CURRENT.get();
    Thread.ofPlatform().daemon().name("usermem-linker").start(HostCalls::link);
  }

  /** Makes a call of either kind, which links them. */
  private static void link() {
    HostCalls calls = current();
    calls.call(SystemCall.GETPID, 0, 0, 0);
    calls.quick(SystemCall.GETPID, 0, 0, 0);
  }

  /** Returns the calling thread's object. */
  public static HostCalls current() {
    return CURRENT.get();
  }

  /**
   * Returns memory for the arguments of one call at a time, whose content no one relies on after
   * it.
   */
  public MemorySegment scratch() {
    return scratch;
  }

  /**
   * Calls a function of the C library that may block.
   *
   * @return what it returns; errno is not looked at
   */
  long function(MemorySegment target, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) LibC.BLOCKING.invokeExact(target, capture, a, b, c, d, e, f, 0L);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  /** Makes a system call that may block. */
  public long call(long number, long a, long b, long c, long d, long e, long f) {
    long result;
    try {
      result = (long) LibC.BLOCKING.invokeExact(LibC.SYSCALL, capture, number, a, b, c, d, e, f);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
    return result == -1 ? -errno() : result;
  }

  /** Makes a system call of up to four arguments that may block. */
  public long call(long number, long a, long b, long c, long d) {
    return call(number, a, b, c, d, 0, 0);
  }

  /** Makes a system call of up to three arguments that may block. */
  public long call(long number, long a, long b, long c) {
    return call(number, a, b, c, 0, 0, 0);
  }

  /**
   * Makes a system call that never blocks, at a lower price.
   *
   * <p>A garbage collection waits for the thread meanwhile: never for calls that wait, fault in
   * many pages or do input or output.
   */
  public long quick(long number, long a, long b, long c, long d, long e, long f) {
    long result;
    try {
      result = (long) LibC.QUICK.invokeExact(LibC.SYSCALL, capture, number, a, b, c, d, e, f);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
    return result == -1 ? -errno() : result;
  }

  /** Makes a system call of up to four arguments that never blocks. */
  public long quick(long number, long a, long b, long c, long d) {
    return quick(number, a, b, c, d, 0, 0);
  }

  /** Makes a system call of up to three arguments that never blocks. */
  public long quick(long number, long a, long b, long c) {
    return quick(number, a, b, c, 0, 0, 0);
  }

  /**
   * Returns a result, if it is not an errno.
   *
   * @param result what a call returned
   * @param what what was tried, for the message
   * @throws HostException if the result is an errno
   */
  public static long require(long result, String what) {
    if (result < 0) {
      throw new HostException(what, (int) -result);
    }
    return result;
  }

  private int errno() {
    return capture.get(ValueLayout.JAVA_INT, LibC.ERRNO_OFFSET);
  }

  private static RuntimeException unexpected(Throwable thrown) {
    if (thrown instanceof RuntimeException runtime) {
      return runtime;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a downcall threw a checked exception", thrown);
  }
}
