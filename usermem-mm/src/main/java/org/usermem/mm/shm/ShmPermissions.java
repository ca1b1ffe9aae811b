package org.usermem.mm.shm;

/**
 * Owner and permissions of a segment: Linux's {@code ipc_perm}.
 *
 * @param uid the owner
 * @param gid the owner's group
 * @param creatorUid who made it
 * @param creatorGid the group of who made it
 * @param mode the nine permission bits
 */
public record ShmPermissions(int uid, int gid, int creatorUid, int creatorGid, int mode) {

  private static final int PERMISSION_BITS = 0777;

  /** Drops everything from the mode but the permission bits. */
  public ShmPermissions {
    mode &= PERMISSION_BITS;
  }

  /**
   * Returns whether a caller has some rights: Linux's {@code ipcperms}.
   *
   * @param wanted the bits of read (04) and write (02)
   */
  boolean allow(ShmCaller caller, int wanted) {
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

  /** Returns whether a caller may change or remove the segment. */
  boolean isOwnedBy(ShmCaller caller) {
    return caller.uid() == uid || caller.uid() == creatorUid || caller.mayAdministrate();
  }
}
