package org.usermem.platform.host;

/**
 * Numbers of the host's system calls on x86-64 ({@code arch/x86/entry/syscalls/syscall_64.tbl} of
 * Linux), as far as this module makes them or lets a stub make them.
 */
public final class SystemCall {

  public static final int READ = 0;
  public static final int WRITE = 1;
  public static final int CLOSE = 3;
  public static final int FSTAT = 5;
  public static final int POLL = 7;
  public static final int MMAP = 9;
  public static final int MPROTECT = 10;
  public static final int MUNMAP = 11;
  public static final int RT_SIGACTION = 13;
  public static final int RT_SIGPROCMASK = 14;
  public static final int RT_SIGRETURN = 15;
  public static final int IOCTL = 16;
  public static final int MREMAP = 25;
  public static final int MADVISE = 28;
  public static final int PAUSE = 34;
  public static final int GETPID = 39;
  public static final int CLONE = 56;
  public static final int EXIT = 60;
  public static final int WAIT4 = 61;
  public static final int KILL = 62;
  public static final int FCNTL = 72;
  public static final int FTRUNCATE = 77;
  public static final int SYSINFO = 99;
  public static final int PTRACE = 101;
  public static final int GETPPID = 110;
  public static final int SIGALTSTACK = 131;
  public static final int PRCTL = 157;
  public static final int ARCH_PRCTL = 158;
  public static final int GETTID = 186;
  public static final int FUTEX = 202;
  public static final int SCHED_SETAFFINITY = 203;
  public static final int SCHED_GETAFFINITY = 204;
  public static final int SET_TID_ADDRESS = 218;
  public static final int TGKILL = 234;
  public static final int OPENAT = 257;
  public static final int NEWFSTATAT = 262;
  public static final int FALLOCATE = 285;
  public static final int PIPE2 = 293;
  public static final int PRLIMIT64 = 302;
  public static final int GETCPU = 309;
  public static final int SECCOMP = 317;
  public static final int MEMFD_CREATE = 319;
  public static final int MEMBARRIER = 324;
  public static final int PIDFD_OPEN = 434;
  public static final int CLOSE_RANGE = 436;

  private SystemCall() {}
}
