/** Values of fixed layout, the structs of C, in the memory of programs. */
@NullMarked
@Version("0.1.0")
package org.usermem.struct;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
