package org.usermem.linux.system;

/** The Linux that programs find here (uname(2)). */
public final class LinuxVersion {
  /** Name of the system. */
  public static final String SYSTEM = "Linux";

  /** Release: the calls and their behaviour are those of this series. */
  public static final String RELEASE = "6.6.0-usermem";

  /** Build. */
  public static final String BUILD = "#1 SMP PREEMPT_DYNAMIC";

  /** Machine. */
  public static final String MACHINE = "x86_64";

  private LinuxVersion() {}
}
