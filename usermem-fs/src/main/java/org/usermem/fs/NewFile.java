package org.usermem.fs;

/**
 * The attributes that a new file begins with. The VFS has applied the umask and the rules for
 * directories with the set-group-ID bit.
 *
 * @param permissions permission bits, within 07777
 * @param userId the owner
 * @param groupId the group
 */
public record NewFile(int permissions, int userId, int groupId) {}
