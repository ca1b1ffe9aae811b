/**
 * The tests that every file system passes.
 *
 * <p>The author of a file system extends {@link org.usermem.fs.testkit.FileSystemContract}, or
 * {@link org.usermem.fs.testkit.WritableFileSystemContract} if it can be written to, in a test
 * class, and says how one is made and which {@linkplain org.usermem.fs.testkit.Feature features} it
 * does without. The author of a device extends {@link
 * org.usermem.fs.testkit.CharacterDeviceContract}. For tests of one's own there are a VFS around
 * one file system ({@link org.usermem.fs.testkit.MountedFileSystem}) and sinks and sources with bad
 * pages in them.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
