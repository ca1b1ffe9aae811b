/**
 * Pipes, FIFOs and splice(2).
 *
 * <p>A pipe's bytes lie in a ring of buffers of a page each, in the memory file, which grows up to
 * the pipe's capacity as it is needed; what a fault leaves of a transfer depends on where buffers
 * begin, so they are where Linux has them. The lock of a ring is taken in block readers and
 * writers, when the program's memory has been faulted in already; under it nothing is asked of a
 * program.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.fs.pipe;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
