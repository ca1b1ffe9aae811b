/** Signals as values: numbers, sets, actions, queues and what a signal carries. */
@NullMarked
@Version("0.1.0")
package org.usermem.kernel.signal;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
