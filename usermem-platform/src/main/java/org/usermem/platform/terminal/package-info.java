/** The terminal and the signals of the process that the sentry runs in. */
@NullMarked
@Version("0.1.0")
package org.usermem.platform.terminal;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
