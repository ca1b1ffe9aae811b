package org.usermem.kernel.limits;

import org.jspecify.annotations.Nullable;

/** What a process can be limited in (getrlimit(2)); the ordinal is Linux's number. */
public enum Resource {
  /** Processor time, in seconds. */
  CPU("Max cpu time", "seconds"),
  /** Size of a file, in bytes. */
  FSIZE("Max file size", "bytes"),
  /** Data of the program, in bytes. */
  DATA("Max data size", "bytes"),
  /** Main stack, in bytes. */
  STACK("Max stack size", "bytes"),
  /** Core dump, in bytes. */
  CORE("Max core file size", "bytes"),
  /** Resident set, in bytes; without effect. */
  RSS("Max resident set", "bytes"),
  /** Tasks of a user. */
  NPROC("Max processes", "processes"),
  /** File descriptors: one more than the greatest. */
  NOFILE("Max open files", "files"),
  /** Locked memory, in bytes. */
  MEMLOCK("Max locked memory", "bytes"),
  /** Address space, in bytes. */
  AS("Max address space", "bytes"),
  /** File locks. */
  LOCKS("Max file locks", "locks"),
  /** Queued signals of a user. */
  SIGPENDING("Max pending signals", "signals"),
  /** Bytes in POSIX message queues. */
  MSGQUEUE("Max msgqueue size", "bytes"),
  /** Ceiling of the nice value: 20 minus it. */
  NICE("Max nice priority", ""),
  /** Ceiling of the real-time priority. */
  RTPRIO("Max realtime priority", ""),
  /** Time without a blocking call under real-time scheduling, in microseconds. */
  RTTIME("Max realtime timeout", "us");

  private static final Resource[] VALUES = values();

  private final String title;
  private final String unit;

  Resource(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  /**
   * Returns the name that /proc/PID/limits prints.
   *
   * @return the name
   */
  public String title() {
    return title;
  }

  /**
   * Returns the unit that /proc/PID/limits prints.
   *
   * @return the unit, or an empty string
   */
  public String unit() {
    return unit;
  }

  /**
   * Returns the resource of a number.
   *
   * @param number any number
   * @return the resource, or null if the number names none
   */
  public static @Nullable Resource of(int number) {
    return number >= 0 && number < VALUES.length ? VALUES[number] : null;
  }
}
