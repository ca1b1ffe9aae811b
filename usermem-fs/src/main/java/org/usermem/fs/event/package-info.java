/** Readiness of files and the queues on which tasks wait for it. */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.event;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
