/** Blocks of memory and what streams bytes to and from them. */
@NullMarked
@Version("0.1.0")
package org.usermem.block;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
