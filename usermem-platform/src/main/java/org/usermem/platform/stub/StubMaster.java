package org.usermem.platform.stub;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.usermem.platform.PlatformException;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.HostException;
import org.usermem.platform.host.Spawner;
import org.usermem.platform.host.SystemCall;

/**
 * The pristine stub process that all others are copies of, and the warden that traces them.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
public final class StubMaster implements AutoCloseable {

  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_EXEC = 0x10;
  private static final int MREMAP_MAYMOVE_FIXED = 3;
  private static final int PR_SET_NAME = 15;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int RLIMIT_CORE = 4;
  private static final int SECCOMP_SET_MODE_FILTER = 1;
  private static final int SECCOMP_FLAG_SPEC_ALLOW = 4;
  private static final long ALL_DESCRIPTORS = 0xffff_ffffL;

  private final Warden warden;
  private final TracedThread leader;
  private final int extendedStateByteCount;
  private long clockFunction; // written by the warden before the constructor returns
  private boolean vsyscallPage; // as this
  private final Set<StubProcess> processes = ConcurrentHashMap.newKeySet();
  private boolean closed; // warden only

  private StubMaster(int memoryFile, StubFlavor flavor, Processors processors) {
    warden = new Warden(processors);
    try {
      leader = warden.call(() -> spawn(memoryFile, flavor));
      extendedStateByteCount = warden.call(leader::extendedStateByteCount);
    } catch (HostException | StubGoneException failed) {
      warden.stop(() -> {});
      throw new PlatformException(
          "the host refuses a traced stub process ("
              + failed.getMessage()
              + "); ptrace(2) must be permitted (see kernel.yama.ptrace_scope, and the seccomp"
              + " profile of the container)",
          failed);
    }
  }

  /**
   * Starts a master.
   *
   * @param memoryFile a descriptor of the memory file
   * @param flavor how guest threads will be watched
   * @param processors where the stub processes begin to run
   * @throws PlatformException if the host does not permit it
   */
  public static StubMaster start(int memoryFile, StubFlavor flavor, Processors processors) {
    return new StubMaster(memoryFile, flavor, processors);
  }

  /**
   * Returns the address of the host's {@code clock_gettime} in every process; nothing if it has
   * none to be called there.
   */
  public OptionalLong clockFunction() {
    return clockFunction == 0 ? OptionalLong.empty() : OptionalLong.of(clockFunction);
  }

  /** Returns whether a process can call into the host's vsyscall page. */
  public boolean hasVsyscallPage() {
    return vsyscallPage;
  }

  /** Returns the number of bytes of a guest thread's XSAVE area. */
  public int extendedStateByteCount() {
    return extendedStateByteCount;
  }

  /**
   * Makes a process.
   *
   * @throws org.usermem.errno.LinuxException with EAGAIN or ENOMEM if the host has none left
   */
  public StubProcess newProcess() {
    return warden.call(
        () -> {
          if (closed) {
            throw new IllegalStateException("the platform is closed");
          }
          int child = leader.injectFork();
          StubProcess.requireRoom(child, "making a stub process");
          StubProcess process = new StubProcess(warden, TracedThread.adopt(child));
          processes.add(process);
          return process;
        });
  }

  /** Kills a process and forgets it. */
  void end(StubProcess process) {
    process.kill();
    processes.remove(process);
  }

  /** Kills all processes, and returns when the host has none of them any more. */
  @Override
  public void close() {
    warden.stop(
        () -> {
          closed = true;
          processes.forEach(StubProcess::kill);
          processes.clear();
          HostCalls.current().call(SystemCall.KILL, leader.processId(), Signals.SIGKILL, 0);
          warden.reapLater(leader);
        });
  }

  private TracedThread spawn(int memoryFile, StubFlavor flavor) {
    HostCalls host = HostCalls.current();
    int image = writeImage(host, flavor);
    TracedThread leader;
    try {
      int processId = Spawner.spawn(image, memoryFile, Signals.BLOCKED);
      leader = TracedThread.seize(processId, processId, Tracee.MASTER_OPTIONS);
    } finally {
      host.call(SystemCall.CLOSE, image, 0, 0);
    }
    try {
      confine(leader, flavor);
    } catch (HostException failed) {
      host.call(SystemCall.KILL, leader.processId(), Signals.SIGKILL, 0);
      throw failed;
    }
    return leader;
  }

  private static int writeImage(HostCalls host, StubFlavor flavor) {
    byte[] elf = StubImage.elf((int) ProcessHandle.current().pid(), flavor);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom("usermem-stub");
      long image = host.call(SystemCall.MEMFD_CREATE, name.address(), MFD_CLOEXEC | MFD_EXEC, 0);
      if (image < 0) {
        // Linux before 6.3 does not know MFD_EXEC.
        image = host.call(SystemCall.MEMFD_CREATE, name.address(), MFD_CLOEXEC, 0);
      }
      HostCalls.require(image, "creating the stub's executable");
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, elf);
      long written = host.call(SystemCall.WRITE, image, bytes.address(), elf.length);
      if (written != elf.length) {
        host.call(SystemCall.CLOSE, image, 0, 0);
        throw new HostException("wrote " + written + " bytes of the stub's executable");
      }
      return (int) image;
    }
  }

  /** Takes everything from the new process that it does not need, and then the right to get it. */
  private void confine(TracedThread leader, StubFlavor flavor) {
    long code = StubLayout.LOAD;
    long site = code + StubLayout.INJECT_OFFSET;
    long page = StubImage.BYTE_COUNT;
    require(leader.injectAt(site, SystemCall.CLOSE_RANGE, 1, ALL_DESCRIPTORS, 0, 0, 0, 0), "close");
    require(leader.injectAt(site, SystemCall.MUNMAP, 0, code, 0, 0, 0, 0), "unmap");
    long above = code + page;
    vsyscallPage = HostVdso.hasVsyscallPage(leader);
    clockFunction = HostVdso.keep(leader, site);
    long kept = clockFunction == 0 ? StubLayout.USER_END : StubLayout.VDSO;
    require(leader.injectAt(site, SystemCall.MUNMAP, above, kept - above, 0, 0, 0, 0), "unmap");
    if (clockFunction != 0) {
      long end = StubLayout.VDSO + StubLayout.VDSO_BYTES;
      require(
          leader.injectAt(site, SystemCall.MUNMAP, end, StubLayout.USER_END - end, 0, 0, 0, 0),
          "unmap");
    }
    long moved =
        leader.injectPullingTheRug(
            site, SystemCall.MREMAP, code, page, page, MREMAP_MAYMOVE_FIXED, StubLayout.CODE, 0);
    if (moved != StubLayout.CODE) {
      throw new HostException("moving the stub's code", (int) -moved);
    }
    require(
        leader.inject(
            SystemCall.PRLIMIT64,
            0,
            RLIMIT_CORE,
            StubLayout.CODE + StubLayout.ZERO_LIMIT_OFFSET,
            0,
            0,
            0),
        "forbid core dumps");
    require(
        leader.inject(
            SystemCall.PRCTL, PR_SET_NAME, StubLayout.CODE + StubLayout.NAME_OFFSET, 0, 0, 0, 0),
        "take a name");
    require(leader.inject(SystemCall.PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0), "give up rights");
    if (flavor == StubFlavor.TRAPPED) {
      installHandlers(leader);
    }
    require(
        leader.inject(
            SystemCall.SECCOMP,
            SECCOMP_SET_MODE_FILTER,
            SECCOMP_FLAG_SPEC_ALLOW,
            StubLayout.CODE + StubLayout.PROGRAM_OFFSET,
            0,
            0,
            0),
        "install a seccomp filter");
  }

  private static void installHandlers(TracedThread leader) {
    long action = StubLayout.CODE + StubLayout.SIGNAL_ACTION_OFFSET;
    for (int signal : Signals.HANDLED) {
      require(
          leader.inject(SystemCall.RT_SIGACTION, signal, action, 0, Long.BYTES, 0, 0),
          "handle signal " + signal);
    }
  }

  private static void require(long result, String what) {
    HostCalls.require(result, "a stub process was to " + what);
  }
}
