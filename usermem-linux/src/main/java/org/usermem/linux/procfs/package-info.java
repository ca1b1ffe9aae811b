/** The file system of /proc: tasks, the system and its settings; fs/proc. */
@NullMarked
@Version("0.1.0")
package org.usermem.linux.procfs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
