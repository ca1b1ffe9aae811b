/**
 * A host directory as a file system, by {@code java.nio.file} alone.
 *
 * <p><b>Confinement.</b> No name that a guest gives is ever resolved by the host beyond one
 * component. Each directory is reached from the open directory above it ({@link
 * java.nio.file.SecureDirectoryStream}, symbolic links not followed) and is checked to be the one
 * that is known by its device and inode numbers; what is in it is named relative to that open
 * directory. So neither {@code ".."}, nor a symbolic link, nor somebody who moves directories about
 * at the wrong moment leads out.
 *
 * <p>{@code SecureDirectoryStream} can't make directories or links, nor read links or all
 * attributes. For these a directory has an anchor: a descriptor of it whose number is proven to be
 * ours by a random position that only we have set (see {@code DescriptorFinder}), so that {@code
 * /proc/self/fd/NUMBER/NAME} is relative to the open directory too.
 *
 * <p><b>Bytes.</b> Reads and writes go straight between the program's pages and the host's file, by
 * position. What a program maps lives in pages of the memory file; from then on reads and writes of
 * those ranges go through the pages.
 *
 * <p>The order of locks: that of a file's contents (see {@code CachedContents}); then those of open
 * directories, of which a child's is taken before its parent's.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.hostfs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
