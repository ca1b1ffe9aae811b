/** Files in memory without a name: memfd_create(2) and shared anonymous memory. */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.memfd;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
