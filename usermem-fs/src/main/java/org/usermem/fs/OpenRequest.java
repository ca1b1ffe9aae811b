package org.usermem.fs;

import org.usermem.fs.access.Credentials;

/**
 * A permitted request to open an inode: the VFS has resolved the path, checked permissions and will
 * truncate where that was asked for.
 *
 * @param location where the inode was found
 * @param flags bits of {@link OpenFlags}
 * @param credentials who opens; kept by the description
 */
public record OpenRequest(Location location, int flags, Credentials credentials) {}
