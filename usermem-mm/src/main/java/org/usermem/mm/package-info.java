/** The memory manager: one address space of a program. */
@NullMarked
@Version("0.1.0")
package org.usermem.mm;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
