package org.usermem.kernel;

/** What a task does, as /proc/PID/stat says it. */
public enum TaskState {
  /** Runs, or wants to. */
  RUNNING('R', "running"),
  /** Waits, and a signal ends that. */
  SLEEPING('S', "sleeping"),
  /** Waits, and only SIGKILL ends that. */
  UNINTERRUPTIBLE('D', "disk sleep"),
  /** Stopped with its process. */
  STOPPED('T', "stopped"),
  /** Stopped for its tracer. */
  TRACED('t', "tracing stop"),
  /** Ended, and nobody has waited for it. */
  ZOMBIE('Z', "zombie"),
  /** Gone. */
  DEAD('X', "dead");

  private final char letter;
  private final String description;

  TaskState(char letter, String description) {
    this.letter = letter;
    this.description = description;
  }

  /** Returns the letter of /proc/PID/stat. */
  public char letter() {
    return letter;
  }

  /** Returns the word of /proc/PID/status. */
  public String description() {
    return description;
  }
}
