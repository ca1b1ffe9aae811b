/** The Linux system-call table and the loader of Linux programs. */
@NullMarked
@Version("0.1.0")
package org.usermem.linux;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
