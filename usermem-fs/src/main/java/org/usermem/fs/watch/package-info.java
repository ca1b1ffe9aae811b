/** Observers of changes to files and directories, below inotify. */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.watch;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
