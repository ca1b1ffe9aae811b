/** Counters that wake whoever waits for them: eventfd(2). */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.eventfd;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
