package org.usermem.fs;

import org.usermem.fs.access.Credentials;

/**
 * What mount(2) was given for a new file system.
 *
 * @param source the source, such as a host directory; may be empty
 * @param options the data argument, a comma-separated list; may be empty
 * @param flags flags of {@link Mount}
 * @param credentials who mounts
 * @param context what the VFS gives to the new file system
 */
public record MountRequest(
    String source, String options, int flags, Credentials credentials, FileSystemContext context) {}
