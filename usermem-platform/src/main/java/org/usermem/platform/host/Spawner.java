package org.usermem.platform.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Starts processes with posix_spawn(3), which is safe in a process of many threads where fork(2) is
 * not.
 */
public final class Spawner {

  private static final int SETSIGDEF = 0x04;
  private static final int SETSIGMASK = 0x08;
  private static final int SETPGROUP = 0x02;

  // Larger than the structs of glibc (80 and 336 bytes) and of musl.
  private static final long FILE_ACTIONS_BYTES = 256;
  private static final long ATTRIBUTES_BYTES = 512;
  private static final long SIGNAL_SET_BYTES = 128;

  private Spawner() {}

  /**
   * Starts an executable that is open in this process.
   *
   * <p>The new process is a process group of its own, so that no terminal sends it signals. It
   * stays in the session: a session is what the host's scheduler gives a share to (autogroups), and
   * this process works hand in hand with the JVM. Every signal has its default action; the
   * environment is empty.
   *
   * @param executable a descriptor of the executable
   * @param standardInput a descriptor that becomes the process's number 0
   * @param blockedSignals the signals that it blocks, bit n - 1 for signal n
   * @return the process id
   * @throws HostException if the host refuses
   */
  public static int spawn(int executable, int standardInput, long blockedSignals) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment actions = arena.allocate(FILE_ACTIONS_BYTES, 16);
      MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, 16);
      MemorySegment signals = arena.allocate(SIGNAL_SET_BYTES, 16);
      call("posix_spawn_file_actions_init", actions.address(), 0, 0);
      call("posix_spawn_file_actions_adddup2", actions.address(), standardInput, 0);
      call("posix_spawnattr_init", attributes.address(), 0, 0);
      call("posix_spawnattr_setflags", attributes.address(), SETSIGDEF | SETSIGMASK | SETPGROUP, 0);
      signals.set(ValueLayout.JAVA_LONG, 0, blockedSignals);
      call("posix_spawnattr_setsigmask", attributes.address(), signals.address(), 0);
      signals.fill((byte) 0xff);
      call("posix_spawnattr_setsigdefault", attributes.address(), signals.address(), 0);
      try {
        return start(arena, executable, actions, attributes);
      } finally {
        call("posix_spawn_file_actions_destroy", actions.address(), 0, 0);
        call("posix_spawnattr_destroy", attributes.address(), 0, 0);
      }
    }
  }

  private static int start(
      Arena arena, int executable, MemorySegment actions, MemorySegment attributes) {
    MemorySegment processId = arena.allocate(ValueLayout.JAVA_INT);
    MemorySegment path = arena.allocateFrom("/proc/self/fd/" + executable);
    // Words and not addresses: the JVM would link how addresses are stored, for this one alone.
    MemorySegment arguments = arena.allocate(ValueLayout.JAVA_LONG, 2);
    arguments.set(ValueLayout.JAVA_LONG, 0, arena.allocateFrom("usermem-stub").address());
    MemorySegment environment = arena.allocate(ValueLayout.JAVA_LONG);
    check(
        "posix_spawn of a stub process",
        HostCalls.current()
            .function(
                LibC.function("posix_spawn"),
                processId.address(),
                path.address(),
                actions.address(),
                attributes.address(),
                arguments.address(),
                environment.address()));
    return processId.get(ValueLayout.JAVA_INT, 0);
  }

  private static void call(String name, long a, long b, long c) {
    check(name, HostCalls.current().function(LibC.function(name), a, b, c, 0, 0, 0));
  }

  private static void check(String what, long result) {
    // These functions return the error number, as an int.
    if ((int) result != 0) {
      throw new HostException(what, (int) result);
    }
  }
}
