/** The error numbers of Linux x86-64 and the exception that carries one. */
@NullMarked
@Version("0.1.0")
package org.usermem.errno;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
