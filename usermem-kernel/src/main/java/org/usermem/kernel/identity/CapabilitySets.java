package org.usermem.kernel.identity;

import org.usermem.fs.access.Capability;

/**
 * The capability sets of a task (capabilities(7)), bit n for capability n.
 *
 * @param permitted what it may make effective
 * @param inheritable what survives execve with a file's help
 * @param effective what counts now
 * @param bounding what execve can give at most
 * @param ambient what survives execve of an ordinary file
 */
public record CapabilitySets(
    long permitted, long inheritable, long effective, long bounding, long ambient) {

  /** All of them, as root has them. */
  public static final CapabilitySets FULL =
      new CapabilitySets(Capability.ALL, 0, Capability.ALL, Capability.ALL, 0);

  /** None, with a full bounding set, as other users have them. */
  public static final CapabilitySets NONE = new CapabilitySets(0, 0, 0, Capability.ALL, 0);

  /**
   * Returns the sets with another effective set.
   *
   * @param set the effective set
   * @return the sets
   */
  public CapabilitySets withEffective(long set) {
    return new CapabilitySets(permitted, inheritable, set, bounding, ambient);
  }
}
