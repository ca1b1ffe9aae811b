package org.usermem.linux.trace;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.RseqRegistration;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.Tracee;
import org.usermem.kernel.Tracing;
import org.usermem.kernel.Tracing.Resume;
import org.usermem.platform.Registers;

/** ptrace(2): which request does what. */
public final class TraceCalls {
  private static final int TRACEME = 0;
  private static final int PEEKTEXT = 1;
  private static final int PEEKDATA = 2;
  private static final int PEEKUSER = 3;
  private static final int POKETEXT = 4;
  private static final int POKEDATA = 5;
  private static final int POKEUSER = 6;
  private static final int CONT = 7;
  private static final int KILL = 8;
  private static final int SINGLESTEP = 9;
  private static final int GETREGS = 12;
  private static final int SETREGS = 13;
  private static final int GETFPREGS = 14;
  private static final int SETFPREGS = 15;
  private static final int ATTACH = 16;
  private static final int DETACH = 17;
  private static final int OLDSETOPTIONS = 21;
  private static final int SYSCALL = 24;
  private static final int ARCH_PRCTL = 30;
  private static final int SYSEMU = 31;
  private static final int SYSEMU_SINGLESTEP = 32;
  private static final int SETOPTIONS = 0x4200;
  private static final int GETEVENTMSG = 0x4201;
  private static final int GETSIGINFO = 0x4202;
  private static final int SETSIGINFO = 0x4203;
  private static final int GETREGSET = 0x4204;
  private static final int SETREGSET = 0x4205;
  private static final int SEIZE = 0x4206;
  private static final int INTERRUPT = 0x4207;
  private static final int LISTEN = 0x4208;
  private static final int PEEKSIGINFO = 0x4209;
  private static final int GETSIGMASK = 0x420a;
  private static final int SETSIGMASK = 0x420b;
  private static final int GET_SYSCALL_INFO = 0x420e;
  private static final int GET_RSEQ_CONFIGURATION = 0x420f;

  private static final int RSEQ_CONFIGURATION_BYTE_COUNT = 24;

  private static final int ARCH_SET_GS = 0x1001;
  private static final int ARCH_SET_FS = 0x1002;
  private static final int ARCH_GET_FS = 0x1003;
  private static final int ARCH_GET_GS = 0x1004;

  private TraceCalls() {}

  /** ptrace(request, pid, addr, data). */
  public static long ptrace(Task task, SyscallArguments args) {
    Tracing tracing = task.relations().tracing();
    int pid = args.asInt(1);
    long addr = args.asLong(2);
    long data = args.asLong(3);
    if (Long.compareUnsigned(args.asLong(0), Integer.MAX_VALUE) > 0) {
      return noSuchRequest(tracing, pid);
    }
    switch (args.asInt(0)) {
      case TRACEME -> tracing.traceMe();
      case ATTACH -> tracing.attach(pid);
      case SEIZE -> seize(tracing, pid, addr, data);
      case DETACH -> tracing.detach(pid, signal(data));
      case CONT -> tracing.resume(pid, Resume.CONTINUE, signal(data));
      case SYSCALL -> tracing.resume(pid, Resume.SYSCALL, signal(data));
      case SYSEMU -> tracing.resume(pid, Resume.EMULATE, signal(data));
      case SINGLESTEP -> tracing.resume(pid, Resume.STEP, signal(data));
      case SYSEMU_SINGLESTEP -> tracing.resume(pid, Resume.EMULATE_STEP, signal(data));
      case KILL -> tracing.kill(pid);
      case INTERRUPT -> tracing.interrupt(pid);
      case LISTEN -> tracing.listen(pid);
      case SETOPTIONS, OLDSETOPTIONS -> tracing.setOptions(pid, data);
      default -> {
        return inspect(task, tracing.tracee(pid), args.asInt(0), addr, data);
      }
    }
    return 0;
  }

  /** The requests that read or change what a stopped tracee has. */
  private static long inspect(Task task, Tracee tracee, int request, long addr, long data) {
    tracee.requireStopped();
    switch (request) {
      case PEEKTEXT, PEEKDATA -> peek(task, tracee, addr, data);
      case POKETEXT, POKEDATA -> poke(task, tracee, addr, data);
      case PEEKUSER -> task.copyOutLong(data, UserArea.peek(tracee, addr));
      case POKEUSER -> UserArea.poke(tracee, addr, data);
      case GETREGS -> RegisterSets.get(task, tracee, RegisterSets.GENERAL, data);
      case SETREGS -> RegisterSets.set(task, tracee, RegisterSets.GENERAL, data);
      case GETFPREGS -> RegisterSets.get(task, tracee, RegisterSets.FLOATING_POINT, data);
      case SETFPREGS -> RegisterSets.set(task, tracee, RegisterSets.FLOATING_POINT, data);
      case GETREGSET -> RegisterSets.getSet(task, tracee, addr, data);
      case SETREGSET -> RegisterSets.setSet(task, tracee, addr, data);
      case ARCH_PRCTL -> archPrctl(task, tracee, data, addr);
      case GETEVENTMSG -> task.copyOutLong(data, tracee.eventMessage());
      case GETSIGINFO -> TraceSignals.getInfo(task, tracee, data);
      case SETSIGINFO -> TraceSignals.setInfo(task, tracee, data);
      case GETSIGMASK -> TraceSignals.getMask(task, tracee, addr, data);
      case SETSIGMASK -> TraceSignals.setMask(task, tracee, addr, data);
      case PEEKSIGINFO -> {
        return TraceSignals.peekInfo(task, tracee, addr, data);
      }
      case GET_SYSCALL_INFO -> {
        return SyscallInfo.get(task, tracee, addr, data);
      }
      case GET_RSEQ_CONFIGURATION -> {
        return rseqConfiguration(task, tracee, addr, data);
      }
      default -> throw LinuxException.of(Errno.EIO);
    }
    return 0;
  }

  private static long noSuchRequest(Tracing tracing, int pid) {
    tracing.tracee(pid).requireStopped();
    throw LinuxException.of(Errno.EIO);
  }

  private static void seize(Tracing tracing, int pid, long addr, long options) {
    if (addr != 0) {
      throw LinuxException.of(Errno.EIO);
    }
    tracing.seize(pid, options);
  }

  /** A number beyond all signals stays one ({@code valid_signal} takes an unsigned long). */
  private static int signal(long data) {
    return data == (int) data ? (int) data : -1;
  }

  private static void peek(Task task, Tracee tracee, long addr, long data) {
    long[] word = new long[1];
    if (tracee.peek(addr, MemorySegment.ofArray(word)) < Long.BYTES) {
      throw LinuxException.of(Errno.EIO);
    }
    task.copyOutLong(data, word[0]);
  }

  private static void poke(Task task, Tracee tracee, long addr, long data) {
    MemorySegment word = task.scratch(Long.BYTES);
    word.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, data);
    if (tracee.poke(addr, word) < Long.BYTES) {
      throw LinuxException.of(Errno.EIO);
    }
  }

  /** Writes {@code struct ptrace_rseq_configuration}, cut to the room that there is. */
  private static long rseqConfiguration(Task task, Tracee tracee, long room, long address) {
    RseqRegistration rseq = tracee.rseq();
    MemorySegment configuration = task.scratch(RSEQ_CONFIGURATION_BYTE_COUNT);
    configuration.fill((byte) 0);
    if (rseq != null) {
      configuration.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, rseq.addr());
      configuration.set(ValueLayout.JAVA_INT_UNALIGNED, 8, rseq.byteCount());
      configuration.set(ValueLayout.JAVA_INT_UNALIGNED, 12, rseq.signature());
    }
    boolean isShort = Long.compareUnsigned(room, RSEQ_CONFIGURATION_BYTE_COUNT) < 0;
    task.copyOutFully(address, isShort ? configuration.asSlice(0, room) : configuration);
    return RSEQ_CONFIGURATION_BYTE_COUNT;
  }

  private static void archPrctl(Task task, Tracee tracee, long code, long value) {
    switch ((int) code) {
      case ARCH_SET_FS -> setBase(tracee, Registers.FS_BASE, value);
      case ARCH_SET_GS -> setBase(tracee, Registers.GS_BASE, value);
      case ARCH_GET_FS -> task.copyOutLong(value, UserArea.register(tracee, Registers.FS_BASE));
      case ARCH_GET_GS -> task.copyOutLong(value, UserArea.register(tracee, Registers.GS_BASE));
      default -> throw LinuxException.of(Errno.EINVAL);
    }
  }

  /** Where PTRACE_POKEUSER says EIO, arch_prctl(2) says EPERM. */
  private static void setBase(Tracee tracee, int index, long value) {
    try {
      tracee.setRegister(index, value);
    } catch (LinuxException e) {
      throw e.errno() == Errno.EIO ? LinuxException.of(Errno.EPERM) : e;
    }
  }
}
