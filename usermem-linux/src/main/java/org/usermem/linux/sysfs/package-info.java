/** The file system of /sys, as far as programs read it. */
@NullMarked
@Version("0.1.0")
package org.usermem.linux.sysfs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
