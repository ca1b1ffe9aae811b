/** File systems whose files are made when they are looked at, such as /proc and /sys. */
@NullMarked
@Version("0.1.0")
package org.usermem.linux.pseudo;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
