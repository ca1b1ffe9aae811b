/** The file-system SPI: file systems, mounts, inodes and file descriptions. */
@NullMarked
@Version("0.1.0")
package org.usermem.fs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
