package org.usermem.fs.access;

/** The capabilities of capabilities(7), in the order of their numbers. */
public enum Capability {
  /** Change owners of files. */
  CHOWN(0),
  /** Ignore read, write and execute permissions. */
  DAC_OVERRIDE(1),
  /** Ignore read permissions, and search permissions of directories. */
  DAC_READ_SEARCH(2),
  /** Act as the owner of any file. */
  FOWNER(3),
  /** Keep set-user-ID and set-group-ID bits on changes. */
  FSETID(4),
  /** Signal any process. */
  KILL(5),
  /** Change group IDs. */
  SETGID(6),
  /** Change user IDs. */
  SETUID(7),
  /** Grant and remove capabilities. */
  SETPCAP(8),
  /** Set the immutable and append-only flags. */
  LINUX_IMMUTABLE(9),
  /** Bind to low ports. */
  NET_BIND_SERVICE(10),
  /** Broadcast. */
  NET_BROADCAST(11),
  /** Administer the network. */
  NET_ADMIN(12),
  /** Use raw sockets. */
  NET_RAW(13),
  /** Lock memory. */
  IPC_LOCK(14),
  /** Ignore permissions of System V objects. */
  IPC_OWNER(15),
  /** Load kernel modules. */
  SYS_MODULE(16),
  /** Do raw input and output. */
  SYS_RAWIO(17),
  /** Change the root directory. */
  SYS_CHROOT(18),
  /** Trace any process. */
  SYS_PTRACE(19),
  /** Use process accounting. */
  SYS_PACCT(20),
  /** Administer the system. */
  SYS_ADMIN(21),
  /** Reboot. */
  SYS_BOOT(22),
  /** Raise priorities. */
  SYS_NICE(23),
  /** Exceed resource limits. */
  SYS_RESOURCE(24),
  /** Set the clock. */
  SYS_TIME(25),
  /** Administer terminals. */
  SYS_TTY_CONFIG(26),
  /** Create device nodes. */
  MKNOD(27),
  /** Take leases on files. */
  LEASE(28),
  /** Write audit records. */
  AUDIT_WRITE(29),
  /** Administer auditing. */
  AUDIT_CONTROL(30),
  /** Set capabilities of files. */
  SETFCAP(31),
  /** Override mandatory access control. */
  MAC_OVERRIDE(32),
  /** Configure mandatory access control. */
  MAC_ADMIN(33),
  /** Read the kernel log. */
  SYSLOG(34),
  /** Wake the system up. */
  WAKE_ALARM(35),
  /** Block suspending. */
  BLOCK_SUSPEND(36),
  /** Read audit records. */
  AUDIT_READ(37),
  /** Monitor performance. */
  PERFMON(38),
  /** Load BPF programs. */
  BPF(39),
  /** Checkpoint and restore. */
  CHECKPOINT_RESTORE(40);

  /** A set that holds every capability. */
  public static final long ALL = (1L << 41) - 1;

  private final int number;

  Capability(int number) {
    this.number = number;
  }

  /**
   * Returns the capability's bit in a set of capabilities.
   *
   * @return a mask of one bit
   */
  public long bit() {
    return 1L << number;
  }
}
