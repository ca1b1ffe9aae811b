/**
 * The overlay: file systems that never change, below, and one in memory above them that takes all
 * changes. The root of a sentry is one over the host's root.
 *
 * <p>An inode here stands for a file of a lower layer until something about it changes: then it
 * keeps the attributes in memory, or the entries of a directory, or (from the first write on) the
 * bytes. It is the same inode before and after, with the same number, under all its names; so open
 * descriptions, hard links and mappings see the change, which copying up by name would not give.
 *
 * <p>A changed inode is held by the file system under the lower inode that it stands for, and by
 * the directory that has it if it was moved or made. What is not changed is held by nobody and is
 * made again when it is looked up.
 *
 * <p>A name that was removed, or moved away, is remembered as a whiteout in its directory.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.overlay;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
