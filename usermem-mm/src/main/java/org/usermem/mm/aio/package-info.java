/** Contexts of asynchronous I/O, and the ring of events that a program shares with the kernel. */
@NullMarked
@Version("0.1.0")
package org.usermem.mm.aio;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
