/** Who asks, and whether they may: credentials, capabilities and permission checks. */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.access;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
