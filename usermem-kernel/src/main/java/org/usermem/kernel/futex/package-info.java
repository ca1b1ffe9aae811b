/** Futexes: sleeping on a word of memory, keyed by where the word lives. */
@NullMarked
@Version("0.1.0")
package org.usermem.kernel.futex;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
