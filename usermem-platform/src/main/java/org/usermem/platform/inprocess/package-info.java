/** A platform without guest processes: mappings are recorded and guest threads are Java code. */
@NullMarked
@Version("0.1.0")
package org.usermem.platform.inprocess;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
