/** What stat, chmod, chown, utime and statfs read and write. */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.attribute;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
