package org.usermem.fs.vfs;

import org.usermem.fs.Location;
import org.usermem.fs.access.Credentials;

/**
 * What a path means to a task, and what the task may do. A task makes a new one when one of these
 * changes, and passes it with every operation.
 *
 * @param root where absolute paths start, and above which {@code ".."} does not lead
 * @param workingDirectory where relative paths start
 * @param credentials on whose behalf
 * @param umask permission bits that new files do not get
 */
public record PathContext(
    Location root, Location workingDirectory, Credentials credentials, int umask) {}
