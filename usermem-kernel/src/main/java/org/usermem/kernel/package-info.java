/** The kernel and its tasks. */
@NullMarked
@Version("0.1.0")
package org.usermem.kernel;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
