package org.usermem.linux.vdso;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;
import org.usermem.platform.Registers;

/**
 * The calls that old programs make through the vsyscall page: gettimeofday, time and getcpu. As
 * they are calls of functions to the program, a bad pointer is a SIGSEGV ({@code emulate_vsyscall}
 * of arch/x86/entry/vsyscall/vsyscall_64.c).
 */
public final class Vsyscalls {
  /** A system call. */
  @FunctionalInterface
  public interface Call {
    /** Makes it; see {@link org.usermem.kernel.SyscallTable#invoke}. */
    long make(Task task, SyscallArguments args);
  }

  private Vsyscalls() {}

  /** Makes one of the calls, whichever way it came. */
  public static long serve(Task task, SyscallArguments args, Call call) {
    try {
      return call.make(task, args);
    } catch (LinuxException e) {
      Registers registers = task.registers();
      // The instruction syscall leaves rip in rcx; the page does not.
      boolean isInstruction = registers.get(Registers.RCX) == registers.rip();
      if (e.errno() != Errno.EFAULT || isInstruction) {
        throw e;
      }
      task.force(SignalInfo.fault(Signals.SIGSEGV, SignalInfo.SEGV_MAPERR, args.asLong(0)));
      return registers.rax();
    }
  }
}
