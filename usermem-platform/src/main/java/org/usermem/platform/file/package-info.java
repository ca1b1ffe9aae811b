/** What the host says of its files and Java does not pass on. */
@NullMarked
@Version("0.1.0")
package org.usermem.platform.file;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
