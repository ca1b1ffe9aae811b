/** Drivers of devices, by device number. */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.device;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
