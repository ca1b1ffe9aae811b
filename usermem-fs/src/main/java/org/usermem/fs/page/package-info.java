/**
 * Bytes of files in pages of the memory file: what tmpfs keeps its contents in, and what caches
 * keep mapped ranges of other storage in.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.page;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
