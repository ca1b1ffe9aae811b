/** What a program names by number or path: file descriptors, working directory, root. */
@NullMarked
@Version("0.1.0")
package org.usermem.kernel.fd;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
