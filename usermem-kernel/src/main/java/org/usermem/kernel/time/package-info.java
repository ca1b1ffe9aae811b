/** Clocks, the thread that makes timers fire, and interval timers. */
@NullMarked
@Version("0.1.0")
package org.usermem.kernel.time;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
