/**
 * The virtual file system: what the kernel asks. It walks paths, caches names, checks permissions
 * and keeps the trees of mounts over the file systems of {@link org.usermem.fs}.
 *
 * <p>Start at {@link org.usermem.fs.vfs.VirtualFileSystem}. A task is known to it by a {@link
 * org.usermem.fs.vfs.PathContext}.
 *
 * <p>A directory's names are changed under the lock of its dentry; names that are cached are found
 * without a lock. The cache holds strongly what was used lately and weakly what somebody else
 * holds, so that one name is never two dentries, however small the cache is.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.vfs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
