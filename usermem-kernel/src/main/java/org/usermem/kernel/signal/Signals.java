package org.usermem.kernel.signal;

/** Numbers, names and default actions of Linux's signals on x86-64 (signal(7)). */
public final class Signals {

  /** Hang-up of the controlling terminal. */
  public static final int SIGHUP = 1;

  /** Interrupt from the keyboard. */
  public static final int SIGINT = 2;

  /** Quit from the keyboard. */
  public static final int SIGQUIT = 3;

  /** Illegal instruction. */
  public static final int SIGILL = 4;

  /** Trace or breakpoint trap. */
  public static final int SIGTRAP = 5;

  /** Abort. */
  public static final int SIGABRT = 6;

  /** Bad memory access that no page can satisfy. */
  public static final int SIGBUS = 7;

  /** Erroneous arithmetic. */
  public static final int SIGFPE = 8;

  /** Kill; neither caught nor blocked. */
  public static final int SIGKILL = 9;

  /** First signal of the program's own. */
  public static final int SIGUSR1 = 10;

  /** Invalid memory reference. */
  public static final int SIGSEGV = 11;

  /** Second signal of the program's own. */
  public static final int SIGUSR2 = 12;

  /** Write to a pipe that nobody reads. */
  public static final int SIGPIPE = 13;

  /** The real interval timer ran out. */
  public static final int SIGALRM = 14;

  /** Polite request to end. */
  public static final int SIGTERM = 15;

  /** Coprocessor stack fault; unused. */
  public static final int SIGSTKFLT = 16;

  /** A child changed its state. */
  public static final int SIGCHLD = 17;

  /** Continue if stopped. */
  public static final int SIGCONT = 18;

  /** Stop; neither caught nor blocked. */
  public static final int SIGSTOP = 19;

  /** Stop typed at the terminal. */
  public static final int SIGTSTP = 20;

  /** Terminal input for a background process. */
  public static final int SIGTTIN = 21;

  /** Terminal output of a background process. */
  public static final int SIGTTOU = 22;

  /** Urgent condition on a socket. */
  public static final int SIGURG = 23;

  /** Processor time limit exceeded. */
  public static final int SIGXCPU = 24;

  /** File size limit exceeded. */
  public static final int SIGXFSZ = 25;

  /** The virtual interval timer ran out. */
  public static final int SIGVTALRM = 26;

  /** The profiling interval timer ran out. */
  public static final int SIGPROF = 27;

  /** The terminal's window changed its size. */
  public static final int SIGWINCH = 28;

  /** Input or output is possible now. */
  public static final int SIGIO = 29;

  /** Power failure. */
  public static final int SIGPWR = 30;

  /** Bad system call. */
  public static final int SIGSYS = 31;

  /** Lowest real-time signal. */
  public static final int SIGRTMIN = 32;

  /** Greatest signal number. */
  public static final int LAST = 64;

  /** What happens on a signal that has no handler. */
  public enum DefaultAction {
    /** The process ends. */
    TERMINATE,
    /** The process ends, with a core dump where those are made. */
    CORE,
    /** The process stops. */
    STOP,
    /** A stopped process goes on; otherwise nothing. */
    CONTINUE,
    /** Nothing. */
    IGNORE
  }

  /** Signals that stop a process by default: SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU. */
  public static final long STOP_SET = SignalSet.of(SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU);

  /** Signals whose default is a core dump. */
  public static final long CORE_SET =
      SignalSet.of(
          SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSEGV, SIGBUS, SIGSYS, SIGXCPU, SIGXFSZ);

  /** Signals that are ignored by default, with SIGCONT (which acts when it is sent). */
  public static final long IGNORE_SET = SignalSet.of(SIGCONT, SIGCHLD, SIGWINCH, SIGURG);

  /** Signals raised by an instruction of the task that gets them; delivered before all others. */
  public static final long SYNCHRONOUS_SET =
      SignalSet.of(SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGSYS);

  private static final String[] NAMES = {
    "0",
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGILL",
    "SIGTRAP",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGKILL",
    "SIGUSR1",
    "SIGSEGV",
    "SIGUSR2",
    "SIGPIPE",
    "SIGALRM",
    "SIGTERM",
    "SIGSTKFLT",
    "SIGCHLD",
    "SIGCONT",
    "SIGSTOP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGXCPU",
    "SIGXFSZ",
    "SIGVTALRM",
    "SIGPROF",
    "SIGWINCH",
    "SIGIO",
    "SIGPWR",
    "SIGSYS"
  };

  private Signals() {}

  /**
   * Returns whether a number names a signal.
   *
   * @param signo any number
   * @return whether it lies in 1 to {@link #LAST}
   */
  public static boolean isValid(int signo) {
    return signo >= 1 && signo <= LAST;
  }

  /**
   * Returns whether every instance of a signal is queued.
   *
   * @param signo a signal
   * @return whether it is a real-time signal
   */
  public static boolean isRealTime(int signo) {
    return signo >= SIGRTMIN;
  }

  /**
   * Returns what a signal does to a process that has no handler for it.
   *
   * @param signo a signal
   * @return its default action
   */
  public static DefaultAction defaultAction(int signo) {
    if (signo == SIGCONT) {
      return DefaultAction.CONTINUE;
    }
    if (SignalSet.contains(STOP_SET, signo)) {
      return DefaultAction.STOP;
    }
    if (SignalSet.contains(IGNORE_SET, signo)) {
      return DefaultAction.IGNORE;
    }
    return SignalSet.contains(CORE_SET, signo) ? DefaultAction.CORE : DefaultAction.TERMINATE;
  }

  /**
   * Returns a signal's name as strace prints it.
   *
   * @param signo any number
   * @return for example {@code SIGCHLD} or {@code SIGRT_1}
   */
  public static String name(int signo) {
    if (signo >= 0 && signo < NAMES.length) {
      return NAMES[signo];
    }
    if (signo == SIGRTMIN) {
      return "SIGRTMIN";
    }
    return isValid(signo) ? "SIGRT_" + (signo - SIGRTMIN) : Integer.toString(signo);
  }
}
