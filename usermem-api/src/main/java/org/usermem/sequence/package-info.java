/**
 * Sequences of a program's memory, handed down to file systems and devices as sources and sinks.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.sequence;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
