/** The caller's standard streams, and other host channels, as files of a guest. */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.console;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
