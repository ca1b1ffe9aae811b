/**
 * The file system in memory. Contents lie in pages of the memory file, so programs map the very
 * bytes that are read and written.
 *
 * <p>The order of locks in a file: {@code changing} (one change of size or contents at a time),
 * locks of a program's memory, that of the mappings, {@code dataLock}. {@code
 * MappingSpace.invalidate} is called with {@code changing} and that of the mappings held, and never
 * with {@code dataLock}.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.tmpfs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
