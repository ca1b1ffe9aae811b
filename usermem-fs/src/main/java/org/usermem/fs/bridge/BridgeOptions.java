package org.usermem.fs.bridge;

import java.nio.file.Path;

/**
 * What of a Java file system is shown, and how.
 *
 * @param root the directory that becomes the root
 * @param readOnly whether nothing in it is ever changed
 * @param exclusive whether nobody else changes it meanwhile
 * @param userId the owner of files whose file system knows no owner
 * @param groupId the group of files whose file system knows no group
 */
public record BridgeOptions(
    Path root, boolean readOnly, boolean exclusive, int userId, int groupId) {

  /** Returns options to show files that do not change, as those of a zip file. */
  public static BridgeOptions readOnly(Path root) {
    return new BridgeOptions(root, true, true, 0, 0);
  }

  /** Returns options to show files that guests change and others do not. */
  public static BridgeOptions writable(Path root) {
    return new BridgeOptions(root, false, true, 0, 0);
  }
}
