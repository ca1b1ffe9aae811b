/** Advisory locks on files: POSIX record locks, open-file-description locks and flock. */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.lock;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
