/** System V shared memory: segments with keys that programs attach. */
@NullMarked
@Version("0.1.0")
package org.usermem.mm.shm;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
