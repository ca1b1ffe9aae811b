package org.usermem.linux.seccomp;

import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.SyscallFilter;
import org.usermem.kernel.Task;
import org.usermem.kernel.signal.Signals;

/** SECCOMP_MODE_STRICT: reading, writing, ending, and coming back from a signal; else death. */
enum StrictMode implements SyscallFilter {
  /** The one there is. */
  INSTANCE;

  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int RT_SIGRETURN = 15;
  private static final int EXIT = 60;

  @Override
  public int mode() {
    return 1;
  }

  @Override
  public int filterCount() {
    return 0;
  }

  @Override
  public boolean admits(Task task, int number, SyscallArguments arguments) {
    return switch (number) {
      case READ, WRITE, RT_SIGRETURN, EXIT -> true;
      default -> {
        task.endKilled(Signals.SIGKILL, false);
        yield false;
      }
    };
  }
}
