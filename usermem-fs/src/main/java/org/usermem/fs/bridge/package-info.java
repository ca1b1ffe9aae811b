/**
 * Any {@link java.nio.file.FileSystem} as a file system of a guest: a zip file, a file system in
 * memory, object storage, whatever has a provider.
 *
 * <p>Files are reached by their whole path, so nothing keeps the provider from following a symbolic
 * link that somebody puts in the way; for a directory of the host there is {@code hostfs}, which
 * does.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.bridge;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
