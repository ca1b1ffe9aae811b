/** The memory file, in which every byte of guest memory lives. */
@NullMarked
@Version("0.1.0")
package org.usermem.platform.memory;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
