/** Whom a task acts for: user and group IDs, capabilities and the rules of changing them. */
@NullMarked
@Version("0.1.0")
package org.usermem.kernel.identity;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
