package org.usermem.platform.host;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The one shape that every function of the C library is called with: seven words in, one word out,
 * errno captured.
 *
 * <p>One shape costs one method handle to link, which is what makes a start cheap. Arguments in
 * registers that a function doesn't look at are harmless in the System V calling convention, and so
 * are the upper halves of words where it takes an int.
 */
@SuppressWarnings("restricted") // this is the one place that calls the host
final class LibC {

  private static final Linker LINKER = Linker.nativeLinker();

  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG);

  /** Calls that may block: the garbage collector does not wait for the thread. */
  static final MethodHandle BLOCKING =
      LINKER.downcallHandle(SHAPE, Linker.Option.captureCallState("errno"));

  /** Calls that never block: no change of the thread's state, so a collection waits for them. */
  static final MethodHandle QUICK =
      LINKER.downcallHandle(
          SHAPE, Linker.Option.captureCallState("errno"), Linker.Option.critical(false));

  /** Where in the capture segment errno is; a plain offset, because a handle of its own is dear. */
  static final long ERRNO_OFFSET =
      Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  /** The function syscall(2). */
  static final MemorySegment SYSCALL = function("syscall");

  private LibC() {}

  /**
   * Finds a function.
   *
   * @throws HostException if the C library has none of that name
   */
  static MemorySegment function(String name) {
    return LINKER
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new HostException("the host's C library has no function " + name));
  }
}
