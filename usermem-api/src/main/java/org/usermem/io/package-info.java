/** Memory access by address, for the kernel and its memory management only. */
@NullMarked
@Version("0.1.0")
package org.usermem.io;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
