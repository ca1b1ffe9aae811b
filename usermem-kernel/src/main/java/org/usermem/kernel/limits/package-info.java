/** Resource limits and accounting of resources used. */
@NullMarked
@Version("0.1.0")
package org.usermem.kernel.limits;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
