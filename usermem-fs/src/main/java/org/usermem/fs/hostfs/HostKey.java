package org.usermem.fs.hostfs;

/**
 * What tells one file of the host from another, as long as it exists.
 *
 * @param device the device that it is on
 * @param inode its inode number there
 */
record HostKey(long device, long inode) {}
