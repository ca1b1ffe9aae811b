/** The file system of /dev and the devices that every Linux has. */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.devfs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
