package org.usermem.fs.access;

import java.util.Arrays;

/**
 * On whose behalf a file system is asked: the file-system IDs, the groups and the effective
 * capabilities of a task, as path_resolution(7) and credentials(7) use them. They are an argument
 * of every operation that depends on them; no file system keeps or looks up "the current user".
 *
 * <p>Thread safety: immutable.
 */
public final class Credentials {

  /** The super-user with every capability. */
  public static final Credentials ROOT = new Credentials(0, 0, new int[0], Capability.ALL);

  private final int userId;
  private final int groupId;
  private final int[] supplementaryGroups;
  private final long capabilities;

  /**
   * Creates credentials.
   *
   * @param userId the file-system user ID
   * @param groupId the file-system group ID
   * @param supplementaryGroups further groups; copied
   * @param capabilities the effective capabilities, a union of {@link Capability#bit()}
   */
  public Credentials(int userId, int groupId, int[] supplementaryGroups, long capabilities) {
    this.userId = userId;
    this.groupId = groupId;
    this.supplementaryGroups = supplementaryGroups.clone();
    Arrays.sort(this.supplementaryGroups);
    this.capabilities = capabilities;
  }

  /**
   * Returns the file-system user ID.
   *
   * @return the user ID
   */
  public int userId() {
    return userId;
  }

  /**
   * Returns the file-system group ID.
   *
   * @return the group ID
   */
  public int groupId() {
    return groupId;
  }

  /**
   * Returns whether a group is the file-system group or one of the supplementary ones.
   *
   * @param group a group ID
   * @return whether the task is in the group
   */
  public boolean inGroup(int group) {
    return group == groupId || Arrays.binarySearch(supplementaryGroups, group) >= 0;
  }

  /**
   * Returns whether a capability is effective.
   *
   * @param capability a capability
   * @return whether it is in the set
   */
  public boolean has(Capability capability) {
    return (capabilities & capability.bit()) != 0;
  }

  /**
   * Returns whether these credentials may act as a file's owner ({@code inode_owner_or_capable}).
   *
   * @param owner the owner's user ID
   * @return whether they are the owner's or have {@link Capability#FOWNER}
   */
  public boolean actsAs(int owner) {
    return userId == owner || has(Capability.FOWNER);
  }
}
