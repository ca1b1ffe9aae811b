/** Watching files and directories for changes: inotify(7). */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.inotify;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
