/** Guest addresses: unsigned arithmetic, ranges of addresses and the ways of accessing them. */
@NullMarked
@Version("0.1.0")
package org.usermem.addr;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
