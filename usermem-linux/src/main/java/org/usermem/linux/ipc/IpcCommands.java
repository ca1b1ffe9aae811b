package org.usermem.linux.ipc;

/** Commands that all of shmctl(2), semctl(2) and msgctl(2) have (include/uapi/linux/ipc.h). */
final class IpcCommands {
  static final int RMID = 0;
  static final int SET = 1;
  static final int STAT = 2;
  static final int INFO = 3;

  /** Bits of an object's number that are its index. */
  private static final int INDEX_MASK = (1 << 15) - 1;

  private IpcCommands() {}

  /** Returns the index that a STAT command means which lists all objects. */
  static int index(int id) {
    return id & INDEX_MASK;
  }
}
