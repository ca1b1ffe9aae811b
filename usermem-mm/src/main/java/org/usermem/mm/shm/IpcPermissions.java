package org.usermem.mm.shm;

/**
 * Owner and permissions of a System V object: Linux's {@code ipc_perm}.
 *
 * @param uid the owner
 * @param gid the owner's group
 * @param creatorUid who made it
 * @param creatorGid the group of who made it
 * @param mode the nine permission bits
 */
public record IpcPermissions(int uid, int gid, int creatorUid, int creatorGid, int mode) {

  private static final int PERMISSION_BITS = 0777;

  /** Drops everything from the mode but the permission bits. */
  public IpcPermissions {
    mode &= PERMISSION_BITS;
  }

  /** Returns the permissions of what a caller makes. */
  public static IpcPermissions ofNew(IpcCaller caller, int mode) {
    return new IpcPermissions(caller.uid(), caller.gid(), caller.uid(), caller.gid(), mode);
  }

  /** Returns the permissions with another owner and mode, as IPC_SET gives them. */
  public IpcPermissions owned(int newUid, int newGid, int newMode) {
    return new IpcPermissions(newUid, newGid, creatorUid, creatorGid, newMode);
  }

  /**
   * Returns whether a caller has some rights: Linux's {@code ipcperms}.
   *
   * @param wanted the bits of read (04), write (02) and execute (01)
   */
  public boolean allow(IpcCaller caller, int wanted) {
    int granted;
    if (caller.uid() == uid || caller.uid() == creatorUid) {
      granted = mode >> 6;
    } else if (caller.isInGroup(gid) || caller.isInGroup(creatorGid)) {
      granted = mode >> 3;
    } else {
      granted = mode;
    }
    return (wanted & ~granted) == 0 || caller.mayBypassPermissions();
  }

  /** Returns whether a caller may change or remove the object. */
  public boolean isOwnedBy(IpcCaller caller) {
    return caller.uid() == uid || caller.uid() == creatorUid || caller.mayAdministrate();
  }
}
